import no_such_library


class NeedyAgent:
    def run(self, task):
        return no_such_library.answer(task)
