"""A server on a free port that answers each POST or PUT with what the test says, and keeps what it was sent."""
import http.server
import json
import threading
from typing import Callable

Answer = tuple[int, dict, dict]  # status, body, headers


class SmallServer:
    def __init__(self, answer: Callable[[str, bytes], Answer]):
        self.bodies: list[bytes] = []
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._requests(answer))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def __enter__(self) -> "SmallServer":
        return self

    def __exit__(self, *_exception) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _requests(self, answer: Callable[[str, bytes], Answer]) -> type:
        kept = self.bodies

        class Requests(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kept.append(body)
                status, content, headers = answer(self.path, body)
                told = json.dumps(content).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(told)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(told)

            do_PUT = do_POST

            def log_message(self, *_arguments) -> None:
                pass

        return Requests
