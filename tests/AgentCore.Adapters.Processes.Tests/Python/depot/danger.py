raise SystemExit("a scan has run this")


class DangerAgent:
    def run(self, task):
        return task
