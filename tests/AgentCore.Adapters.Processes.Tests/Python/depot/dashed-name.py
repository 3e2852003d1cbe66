class DashedAgent:
    def run(self, task):
        return "dashed " + task
