"""PlaceProvider: the palette of ctrl+g: every connection and every script of the project, found by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

if TYPE_CHECKING:
    from dbconn_tui.tui.app import DbconnApp


class PlaceProvider(Provider):
    """Offers `CONNECTION` and `CONNECTION / SCRIPT`."""

    def places(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """Name, what it is, and the way there."""
        app = cast("DbconnApp", self.app)
        status = app.state.status
        for row in status.rows if status else ():
            if row.scripts:
                yield row.key, row.words, partial(app.go_to_script, row.key, "")
                for kind in row.kinds:
                    yield f"{row.key} / {kind}", "script", partial(app.go_to_script, row.key, kind)

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for name, what, go in self.places():
            yield DiscoveryHit(name, go, help=what)

    async def search(self, query: str) -> Hits:
        """Those whose name matches."""
        matcher = self.matcher(query)
        for name, what, go in self.places():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), go, help=what)
