"""The base of every error that a person is shown: what it is about, the reason, and the remedy."""


class GanStudioError(Exception):
    """An expected failure, worded for the person in front of the program.

    Args:
        subject: What it happened to: usually a file, else a setting or an object.
        reason: What is wrong, in one clause.
        remedy: What the person can do about it, in one clause.
    """

    def __init__(self, subject: object, reason: str, remedy: str = "") -> None:
        self.subject = str(subject)
        self.reason = reason
        self.remedy = remedy
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """One line, `SUBJECT: reason; remedy`."""
        text = f"{self.subject}: {self.reason}"
        return f"{text}; {self.remedy}" if self.remedy else text

    @property
    def sentence(self) -> str:
        """Reason and remedy, `Reason: remedy.`, for where the subject is in sight."""
        return f"{self.reason[:1].upper()}{self.reason[1:]}: {self.remedy}."

    def __reduce__(self) -> tuple[type["GanStudioError"], tuple[str, str, str]]:
        return type(self), (self.subject, self.reason, self.remedy)
