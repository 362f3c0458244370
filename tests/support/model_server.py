"""A model server for tests: speaks OpenAI's chat completions and Anthropic's messages on the loopback, answers as it is
told, and fails in every way that real servers do.

In Python:

    with ModelServer(answer=lambda task, document: {"n": 1}) as server:
        server.script.append({"fault": "status", "status": 429, "headers": {"retry-after": "1"}})
        ...                                  # server.url, server.requests, server.unexpected

As a program it serves until its standard input closes, prints {"port": N} first, and then takes one JSON command a line
and prints one JSON line for each: {"script": [..]} queues faults, {"modes": {..}} sets what lasts, {"requests": true}
tells and forgets what came.

A request that finds the script empty is answered in full. One step of the script serves one model request:
  status     "status", "headers", "body" (a text, or JSON; an error of the dialect when absent)
  text       answers with "text" instead of what the model would say
  refusal    the model refuses, in the dialect's own form
  length     the answer is cut by the limit of output
  error200   status 200 with an error in the body, or in the stream after some text
  broken     a body, or an event, that is no JSON
  truncated  the connection ends within the answer
  close      the connection ends before the answer
  silence    nothing comes any more; in a stream after some text
  unpriced   the answer without usage
A step may also have "usage", members that replace those which the answer reports, in the dialect's own names.
Modes: {"key": "K"} refuses other keys; {"models": [..]} is the list, and what is not in it is a 404; {"no_list": true};
{"refuse": ["json_schema", "json_object", "stream_options", "max_completion_tokens", "tools"]} answers 400 to those;
{"largest_output": N}; {"text": ".."} is the answer of a server without a model behind it; {"whole": true} never streams.
"""
import contextlib
import http.server
import json
import re
import sys
import threading

DOCUMENT = re.compile(r"<document>\n(.*?)\n</document>", re.DOTALL)


def error_body(dialect, status, message, code=None):
    kinds = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error", 529: "overloaded_error"}
    kind = kinds.get(status, "api_error" if status >= 500 else "invalid_request_error")
    if dialect == "anthropic":
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


class Asked:
    """One model request, in terms of neither dialect."""

    def __init__(self, dialect, body):
        self.dialect = dialect
        self.body = body
        self.model = body.get("model", "")
        self.stream = bool(body.get("stream"))
        self.usage = {}  # what a step says instead of the truth
        messages = body.get("messages", [])
        system = body.get("system", "") if dialect == "anthropic" else "".join(
            m["content"] for m in messages if m["role"] == "system")
        self.system = system
        self.turns = [m for m in messages if m["role"] != "system"]
        self.task = re.search(r'"title":"answer to ([a-z.]+)"', system)
        self.task = self.task.group(1) if self.task else ""

    def document(self):
        for turn in self.turns:
            found = DOCUMENT.search(turn["content"])
            if found:
                return json.loads(found.group(1))
        return {}

    def tokens(self):
        return len(self.system) // 4 + sum(len(turn["content"]) // 4 for turn in self.turns) + 1


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    @property
    def state(self):
        return self.server.state

    def send(self, status, body, headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def key(self):
        return self.headers.get("x-api-key") or self.headers.get("authorization", "").replace("Bearer ", "")

    def dialect(self):
        return "anthropic" if "anthropic-version" in self.headers else "openai"

    def allowed(self):
        wanted = self.state.modes.get("key")
        if wanted is None or self.key() == wanted:
            return True
        self.send(401, error_body(self.dialect(), 401, f"Incorrect API key provided: {self.key()}", "invalid_api_key"))
        return False

    def do_GET(self):
        if not self.allowed():
            return
        if self.state.modes.get("no_list") or not self.path.split("?")[0].endswith("/models"):
            self.send(404, error_body(self.dialect(), 404, "not found"))
            return
        models = self.state.modes.get("models", ["scripted-1"])
        self.send(200, {"data": [m if isinstance(m, dict) else {"id": m} for m in models]})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not self.allowed():
            return
        dialect = "anthropic" if self.path.endswith("/messages") else "openai"
        asked = Asked(dialect, json.loads(raw))
        with self.state.lock:
            self.state.requests.append(
                {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": asked.body})
            refused = self.refusal_of(asked)
            step = self.state.script.pop(0) if self.state.script and not refused else {}
        if refused:
            self.send(*refused)
        else:
            self.serve(asked, step)

    def refusal_of(self, asked):
        modes, body = self.state.modes, asked.body
        names = [model["id"] if isinstance(model, dict) else model for model in modes.get("models", ["scripted-1"])]
        if asked.model not in names:
            return 404, error_body(asked.dialect, 404, f"The model `{asked.model}` does not exist", "model_not_found")
        used = set(body) | {body.get("response_format", {}).get("type")}
        for name in modes.get("refuse", []):
            if name in used:
                return 400, error_body(asked.dialect, 400, f"Unsupported parameter: '{name}' is not supported here")
        for name in ("max_tokens", "max_completion_tokens"):
            if body.get(name, 0) > modes.get("largest_output", 1 << 40):
                largest = modes["largest_output"]
                return 400, error_body(asked.dialect, 400, f"{name}: {body[name]} > {largest}, which is the maximum "
                                       f"allowed number of output tokens for claude-3-{asked.model}")
        return None

    def serve(self, asked, step):
        fault = step.get("fault", "")
        asked.usage = step.get("usage", {})
        if fault == "status":
            status = step["status"]
            body = step.get("body", error_body(asked.dialect, status, f"scripted error {status}"))
            self.send(status, body.encode() if isinstance(body, str) else body, step.get("headers", {}))
            return
        if fault == "close":
            self.close_connection = True
            self.connection.close()
            return
        text = step.get("text")
        if text is None:
            text = self.state.text_for(asked)
        if asked.stream and not self.state.modes.get("whole"):
            self.serve_stream(asked, fault, text)
        else:
            self.serve_whole(asked, fault, text)

    def serve_whole(self, asked, fault, text):
        if fault == "silence":
            self.state.closing.wait(60)
            return
        if fault == "error200":
            self.send(200, {"error": {"message": "scripted error within success", "code": 502}})
            return
        data = json.dumps(whole_answer(asked, fault, text)).encode()
        if fault == "broken":
            self.send(200, data[: len(data) // 2])
        elif fault == "truncated":
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
        else:
            self.send(200, data)

    def serve_stream(self, asked, fault, text):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        events = list(stream_events(asked, fault, text))
        if fault in ("broken", "truncated", "silence", "error200"):
            events = events[: max(2, len(events) // 2)]
        for event in events:
            self.write_chunk(event)
        if fault == "silence":
            self.state.closing.wait(60)
        if fault in ("truncated", "silence"):
            self.close_connection = True
            return
        if fault == "broken":
            self.write_chunk("data: {\"choices\": [{\"del\n\n")
        if fault == "error200":
            self.write_chunk("event: error\ndata: " + json.dumps(
                error_body(asked.dialect, 529, "scripted error within a stream", 502)) + "\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def write_chunk(self, text):
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


def usage_of(asked, text):
    return asked.tokens(), len(text) // 4 + 1


def whole_answer(asked, fault, text):
    read, written = usage_of(asked, text)
    if asked.dialect == "openai":
        message = {"role": "assistant", "content": text}
        finish = {"length": "length", "refusal": "stop"}.get(fault, "stop")
        if fault == "refusal":
            message = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
        body = {"id": "c1", "object": "chat.completion", "model": asked.model + "-0001",
                "choices": [{"index": 0, "message": message, "finish_reason": finish}],
                "usage": {"prompt_tokens": read, "completion_tokens": written,
                          "prompt_tokens_details": {"cached_tokens": 0}, **asked.usage}}
    else:
        tools = asked.body.get("tools")
        content = [{"type": "text", "text": text}]
        if tools and fault != "refusal":
            try:
                content = [{"type": "tool_use", "id": "t1", "name": tools[0]["name"], "input": json.loads(text)}]
            except ValueError:
                pass
        if fault == "refusal":
            content = [{"type": "text", "text": "I cannot help with that."}]
        stop = {"length": "max_tokens", "refusal": "refusal"}.get(fault, "tool_use" if tools else "end_turn")
        body = {"id": "m1", "type": "message", "role": "assistant", "model": asked.model + "-0001", "content": content,
                "stop_reason": stop, "usage": {"input_tokens": read, "output_tokens": written, **asked.usage}}
    if fault == "unpriced":
        del body["usage"]
    return body


def pieces_of(text, size=16):
    return [text[at:at + size] for at in range(0, len(text), size)] or [""]


def stream_events(asked, fault, text):
    read, written = usage_of(asked, text)
    if fault == "refusal":
        text = "I cannot help with that."
    if asked.dialect == "openai":
        yield ": a comment keeps proxies awake\n\n"
        key = "refusal" if fault == "refusal" else "content"
        for piece in pieces_of(text):
            yield "data: " + json.dumps({"model": asked.model + "-0001", "choices": [
                {"index": 0, "delta": {key: piece}, "finish_reason": None}]}, ensure_ascii=False) + "\r\n\r\n"
        finish = "length" if fault == "length" else "stop"
        yield "data: " + json.dumps({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}) + "\n\n"
        if asked.body.get("stream_options", {}).get("include_usage") and fault != "unpriced":
            yield "data: " + json.dumps({"choices": [], "usage": {
                "prompt_tokens": read, "completion_tokens": written, **asked.usage}}) + "\n\n"
        yield "data: [DONE]\n\n"
        return

    def event(kind, **members):
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **members}, ensure_ascii=False)}\n\n"

    first = {"input_tokens": read, "output_tokens": 1, **asked.usage} if fault != "unpriced" else {}
    yield event("message_start", message={"model": asked.model + "-0001", "content": [], "usage": first})
    yield event("ping")
    tool = bool(asked.body.get("tools")) and fault != "refusal"
    block = {"type": "tool_use", "id": "t1", "name": "t", "input": {}} if tool else {"type": "text", "text": ""}
    yield event("content_block_start", index=0, content_block=block)
    for piece in pieces_of(text):
        delta = {"type": "input_json_delta", "partial_json": piece} if tool else {"type": "text_delta", "text": piece}
        yield event("content_block_delta", index=0, delta=delta)
    yield event("content_block_stop", index=0)
    stop = {"length": "max_tokens", "refusal": "refusal"}.get(fault, "tool_use" if tool else "end_turn")
    last = {"output_tokens": written, **asked.usage} if fault != "unpriced" else {}
    yield event("message_delta", delta={"stop_reason": stop}, usage=last)
    yield event("message_stop")


class State:
    def __init__(self, answer):
        self.answer = answer
        self.lock = threading.Lock()
        self.script = []
        self.modes = {}
        self.requests = []
        self.closing = threading.Event()

    def text_for(self, asked):
        if self.answer:
            return json.dumps(self.answer(asked.task, asked.document()), ensure_ascii=False)
        return self.modes.get("text", '{"n": 1}')


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a client that goes away in the middle of an answer is part of the tests


class ModelServer(contextlib.AbstractContextManager):
    def __init__(self, answer=None):
        self.state = State(answer)
        self.http = Server(("127.0.0.1", 0), Handler)
        self.http.state = self.state
        self.port = self.http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.script, self.modes, self.requests = self.state.script, self.state.modes, self.state.requests
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def __exit__(self, *_):
        self.state.closing.set()
        self.http.shutdown()
        self.http.server_close()


def main():
    with ModelServer() as server:
        print(json.dumps({"port": server.port}), flush=True)
        for line in sys.stdin:
            command = json.loads(line)
            with server.state.lock:
                server.script.extend(command.get("script", []))
                server.modes.update(command.get("modes", {}))
                told = {"left": len(server.script)}
                if command.get("requests"):
                    told["requests"] = list(server.requests)
                    server.requests.clear()
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
