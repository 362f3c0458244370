"""What tests of whole studies with a model share: the program with a server's address and key, and a look into a ledger.

    done = run_aisci(program, "run", QUESTION, "-o", folder, "--llm", "openai", env=environment(server))
    events(folder, "model.call")         # bodies, in order
"""
import json
import os
import pathlib
import sqlite3
import subprocess

KEY = "sk-study-0123456789abcdefghij"


def environment(server, **more):
    base = {name: value for name, value in os.environ.items()
            if not name.startswith(("OPENAI_", "ANTHROPIC_", "AISCI_LLM"))}
    return {**base, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url + "/v1",
            "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": server.url, **more}


def run_aisci(program, *arguments, env=None):
    return subprocess.run([program, *map(str, arguments)], env=env, capture_output=True, text=True, timeout=900)


def events(folder, kind):
    database = sqlite3.connect(f"file:{folder}/study.db?mode=ro", uri=True)
    with database:
        return [json.loads(body) for (body,) in
                database.execute("SELECT body FROM events WHERE type = ? ORDER BY sequence", (kind,))]


def bytes_below(folder):
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
