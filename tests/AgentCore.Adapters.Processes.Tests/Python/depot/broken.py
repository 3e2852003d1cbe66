class BrokenAgent:
    def run(self, task)
        return task
