"""The keys while a site runs: a peer that is trusted or forgotten, or a key that is changed, without a restart.

A site tells of its next key within the line that its present one keeps, so no third person can; each side tells its
staff.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from installation.control.line import known
from installation.score.problem import Fault, Problem, Row
from installation.score.rig import Rig
from installation.twin import keys
from installation.twin.link import Link

FILES = ("site.key", "next.key", "trusted")
NEXT = Row(
    en=(
        "{site} will change its key; the next is {fingerprint}, and trusted here from now on",
        "a change that {site} knows of",
        "ask there by telephone; if nobody there has run `jumelage keys next`, run `jumelage keys forget {site}`",
    ),
    fr=(
        "{site} va changer de clé ; la prochaine est {fingerprint}, désormais de confiance ici",
        "un changement dont {site} a connaissance",
        "demandez au téléphone ; si personne n'a lancé là-bas `jumelage keys next`, `jumelage keys forget {site}`",
    ),
)
CHANGED = Row(
    en=(
        "{site} has changed its key to {fingerprint}; the one before is not trusted any more",
        "a change that {site} knows of",
        "nothing, when it was announced",
    ),
    fr=(
        "{site} a changé sa clé pour {fingerprint} ; la précédente n'est plus de confiance",
        "un changement dont {site} a connaissance",
        "rien, s'il était annoncé",
    ),
)
NOT_KEPT = Row(
    en=("the keys cannot be kept: {reason}", "a folder that this user may write to", "mend {folder}"),
    fr=("les clés ne peuvent pas être gardées : {reason}", "un dossier ouvert en écriture", "réparez {folder}"),
)


class Keyring:
    """Looks at the folder of the keys and at what peers tell of theirs."""

    def __init__(self, rig: Rig, folder: Path, pair: str, tell: Callable[[Problem], None]) -> None:
        self._rig, self._folder, self._pair, self._tell = rig, folder, pair, tell
        self._seen: list[tuple[int, ...]] = []

    def look(self, link: Link) -> bool:
        """To be asked now and then. True when the site has another pair, so that its line must be laid anew."""
        try:
            for site, public in link.offers():
                self._offered(site, public)
            if (seen := [_mark(self._folder / name) for name in FILES]) != self._seen:
                self._seen = seen
                self._read(link)
            self._settle(link)
        except OSError as error:
            self._tell(self._problem(NOT_KEPT, reason=error.strerror or error, folder=self._folder))
        except Fault as fault:
            for problem in fault.problems:
                self._tell(problem)
        return link.pair.public != self._pair

    def _read(self, link: Link) -> None:
        """What the files say now; when they are at fault, all stays as it was."""
        pair, peers = known(self._rig, self._folder)
        following = keys.read_next(self._folder)
        self._pair = pair.public
        if pair == link.pair:
            link.trust(peers)
            link.succeed(following.public if following else "")

    def _offered(self, site: str, public: str) -> None:
        """A peer tells of its next key: it is trusted beside the present one."""
        _, peers = known(self._rig, self._folder)
        present = next((peer.key for peer in peers if peer.site == site), "")
        if present:
            keys.trust(self._folder, site, present, public)
            self._tell(self._problem(NEXT, site=site, fingerprint=keys.fingerprint(public)))

    def _settle(self, link: Link) -> None:
        """A peer that calls under its next key has done with the one before, unless the rig names that."""
        in_rig = {peer.name for peer in self._rig.peers if peer.key}
        for site, public in link.turned():
            if site not in in_rig:
                keys.trust(self._folder, site, public)
                self._tell(self._problem(CHANGED, site=site, fingerprint=keys.fingerprint(public)))

    def _problem(self, row: Row, **words: object) -> Problem:
        return Problem(str(self._folder / "trusted"), 0, row, words)


def _mark(path: Path) -> tuple[int, ...]:
    """What changes when a file does."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size
