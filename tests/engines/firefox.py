"""Firefox through Marionette, the socket on which it takes WebDriver commands itself."""

import json
import shutil
import socket
from typing import Any

from tests.engines.engine import Engine, until

# A microphone that hums, a loudspeaker where the machine has none, no question about either, and no call to anybody.
PREFERENCES = {
    "marionette.port": 0,
    "media.navigator.streams.fake": True,
    "media.cubeb.force_mock_context": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "app.normandy.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "nimbus.rollouts.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "browser.aboutwelcome.enabled": False,
}


def find() -> str | None:
    """The program, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox(Engine):
    """Its profile is its folder."""

    def open(self) -> None:
        port = self.folder / "MarionetteActivePort"
        port.unlink(missing_ok=True)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        (self.folder / "user.js").write_text("".join(lines))
        self._start([find() or "", "--headless", "--marionette", "--no-remote", "--profile", str(self.folder)],
                    MOZ_CRASHREPORTER_DISABLE="1")
        address = int(until(lambda: port.exists() and port.read_text(), "Firefox does not listen"))
        self._socket = socket.create_connection(("127.0.0.1", address), timeout=90)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._read()
        self.command("NewSession")
        self.command("SetTimeouts", script=60_000)
        self.command("SetWindowRect", width=500, height=900)

    def command(self, name: str, **values: Any) -> Any:
        self._number += 1
        sent = json.dumps([0, self._number, f"WebDriver:{name}", values]).encode()
        self._socket.sendall(b"%d:%b" % (len(sent), sent))
        _, _, fault, result = self._read()
        if fault:
            raise RuntimeError(f"{name}: {fault['error']}: {fault['message']}")
        return result["value"] if set(result) == {"value"} else result

    def kill(self) -> None:
        super().kill()
        self._stream.close()
        self._socket.close()

    def _read(self) -> Any:
        """One message: its length in figures, a colon, and JSON."""
        length = b""
        while not length.endswith(b":"):
            figure = self._stream.read(1)
            if not figure:
                raise RuntimeError("Firefox has gone")
            length += figure
        return json.loads(self._stream.read(int(length[:-1])))

