"""Talk to a running line in this terminal: `make chat`.

Uses the same HTTP calls as the web page. A number picks one of the choices shown; Ctrl-D ends.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
import uuid
from typing import Any

import httpx

WAIT_SECONDS = 20
WIDTH = 88


class Conversation:
    """One conversation with the line, over HTTP."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=WAIT_SECONDS + 10, trust_env=False)
        started = self._http.post("/api/chat/conversations", json={})
        started.raise_for_status()
        self._id = started.json()["conversation_id"]
        self._http.headers["Authorization"] = f"Bearer {started.json()['token']}"
        self._seen = 0

    def send(self, content: dict[str, Any]) -> None:
        """Send a message; the same one is sent again when the connection breaks, and counts once."""
        body = {"client_message_id": str(uuid.uuid4()), **content}
        for attempt in range(3):
            try:
                answer = self._http.post(
                    f"/api/chat/conversations/{self._id}/messages", json=body
                )
                break
            except httpx.TransportError:
                if attempt == 2:
                    raise
        if answer.is_error:
            raise ValueError(answer.json()["error"]["message"])

    def replies(self, wait: int = WAIT_SECONDS) -> list[dict[str, Any]]:
        """Wait until nothing more is to come; return what the line said."""
        heard: list[dict[str, Any]] = []
        while True:
            answer = self._http.get(
                f"/api/chat/conversations/{self._id}/messages",
                params={"after": self._seen, "wait": wait},
            )
            answer.raise_for_status()
            body = answer.json()
            for message in body["messages"]:
                self._seen = message["seq"]
                if message["from"] != "resident":
                    heard.append(message)
            if not body["pending"]:
                return heard


def show(message: dict[str, Any]) -> None:
    """Print a message with its choices and its source."""
    for paragraph in message["text"].splitlines():
        print(textwrap.fill(paragraph, WIDTH, initial_indent="  ", subsequent_indent="  "))
    for number, choice in enumerate(message.get("choices", []), 1):
        print(f"    {number}  {choice['label']}")
    if message.get("source_url"):
        checked = (
            f", last checked {message['last_verified']}" if message.get("last_verified") else ""
        )
        print(f"    Source: {message['source_url']}{checked}")
    print()


def main() -> int:
    """Run until the resident has had enough; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    url = parser.parse_args().url
    try:
        conversation = Conversation(url)
        print("Ask about city services. Ctrl-D ends.\n")
        choices: list[dict[str, Any]] = []
        for message in conversation.replies(wait=0):
            show(message)
        while True:
            try:
                text = input("> ").strip()
            except (EOFError, KeyboardInterrupt):
                print()
                return 0
            if not text:
                continue
            picked = int(text) if text.isdigit() else 0
            content = (
                {"choice_id": choices[picked - 1]["choice_id"]}
                if 1 <= picked <= len(choices)
                else {"text": text}
            )
            try:
                conversation.send(content)
            except ValueError as refused:
                print(f"  {refused}\n")
                continue
            choices = []
            for message in conversation.replies():
                show(message)
                choices = message.get("choices", []) or choices
    except httpx.HTTPError as fault:
        print(
            f"The line at {url} does not answer ({type(fault).__name__}). Is `make run` running?"
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
