"""The register of bodies as a file finds its way in it: by key, credit code, present and former names."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.people import Organisation


class Register:
    """Every body as it stands, found by what a file may call it."""

    def __init__(self, session: Session) -> None:
        self.bodies = {body.id: body for body in session.scalars(select(Organisation).order_by(Organisation.id))}
        self.by_key = {body.key: body for body in self.bodies.values()}
        self.by_code = {body.credit_code: body for body in self.bodies.values() if body.credit_code}
        self.named: dict[str, list[Organisation]] = defaultdict(list)
        self.once_named: dict[str, list[Organisation]] = defaultdict(list)
        for body in self.bodies.values():
            living = body.merged_into_id is None
            (self.named if living else self.once_named)[body.name].append(self.today(body))
            for name in body.former_names:
                self.once_named[name].append(self.today(body))

    def today(self, body: Organisation) -> Organisation:
        """What the body was merged into, else itself."""
        while body.merged_into_id is not None:
            body = self.bodies[body.merged_into_id]
        return body

    def called(self, words: str) -> list[Organisation]:
        """The bodies that the words may mean: one by key or code, else by present, else by former names."""
        exact = self.by_key.get(words) or self.by_code.get(words.upper())
        if exact is not None:
            return [self.today(exact)]
        found = self.named.get(words) or self.once_named.get(words) or []
        return list({body.id: body for body in found}.values())
