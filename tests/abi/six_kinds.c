/* All six kinds in plain C11, with nothing but aisci/abi and libc: proof that no kind needs the SDK. Small, but every
 * component passes the checker (`aisci plugin check`). */
#define _POSIX_C_SOURCE 200809L
#include <aisci/abi.h>
#include <aisci/abi_draft.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static aisci_bytes_t text(const char* words) {
  const aisci_bytes_t bytes = {words, strlen(words)};
  return bytes;
}

static int32_t give(aisci_sink_t* sink, const char* words) { return sink->write(sink, text(words)); }

static int32_t failed(const aisci_call_t* call, int32_t code, const char* words) {
  const aisci_bytes_t nothing = {NULL, 0};
  return call->fail(call, code, text(words), nothing);
}

static int same(aisci_bytes_t bytes, const char* words) {
  return bytes.size == strlen(words) && (bytes.size == 0 || memcmp(bytes.data, words, bytes.size) == 0);
}

/* Where `words` begins in the bytes, or NULL. */
static const char* find(aisci_bytes_t bytes, const char* words) {
  const size_t size = strlen(words);
  for (uint64_t i = 0; i + size <= bytes.size; ++i)
    if (memcmp((const char*)bytes.data + i, words, size) == 0) return (const char*)bytes.data + i;
  return NULL;
}

/* ---- value_function ---- */

static int32_t evaluate(aisci_instance_t* instance, const aisci_call_t* call, const aisci_node_t* const* nodes,
                        uint64_t count, aisci_score_t* scores) {
  (void)instance;
  if (call->is_cancelled(call)) return AISCI_CANCELLED;
  for (uint64_t i = 0; i < count; ++i) {
    scores[i].value = 1.0 / (1.0 + (double)nodes[i]->depth);
    scores[i].stddev = 0.0;
    scores[i].flags = 0;
    scores[i].code = AISCI_OK;
  }
  return AISCI_OK;
}
static const aisci_value_function_t value_function = {sizeof(aisci_value_function_t), 0, evaluate};

/* ---- agent ---- */

static int32_t tasks(aisci_instance_t* instance, const aisci_call_t* call, aisci_sink_t* names) {
  (void)instance;
  (void)call;
  return give(names, "c.length");
}
static int32_t act(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t task, aisci_bytes_t input,
                   aisci_sink_t* output) {
  char answer[64];
  (void)instance;
  if (call->is_cancelled(call)) return AISCI_CANCELLED;
  if (!same(task, "c.length")) return failed(call, AISCI_UNIMPLEMENTED, "there is one task, c.length");
  snprintf(answer, sizeof answer, "{\"bytes\":%llu}", (unsigned long long)input.size);
  return give(output, answer);
}
static const aisci_agent_t agent = {sizeof(aisci_agent_t), 0, tasks, act};

/* ---- llm_provider ---- */

static int32_t complete(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t request,
                        aisci_sink_t* deltas, aisci_sink_t* response) {
  (void)instance;
  (void)deltas;
  if (call->is_cancelled(call)) return AISCI_CANCELLED;
  if (request.size < 2 || ((const char*)request.data)[0] != '{' || ((const char*)request.data)[request.size - 1] != '}')
    return failed(call, AISCI_INVALID_ARGUMENT, "the request is no JSON object");
  call->report(call, text("usage"), text("{\"input_tokens\":1,\"output_tokens\":1}"));
  return give(
      response,
      "{\"text\":\"{}\",\"model\":\"none\",\"finish\":\"stop\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
}
static int32_t embed(aisci_instance_t* instance, const aisci_call_t* call, const aisci_bytes_t* texts, uint64_t count,
                     aisci_sink_t* vectors) {
  (void)instance;
  (void)texts;
  (void)count;
  (void)vectors;
  return failed(call, AISCI_UNIMPLEMENTED, "no embeddings");
}
static int32_t count_tokens(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t words, uint64_t* out) {
  (void)instance;
  (void)call;
  *out = words.size;
  return AISCI_OK;
}
static int32_t models(aisci_instance_t* instance, const aisci_call_t* call, aisci_sink_t* out) {
  (void)instance;
  (void)call;
  return give(out, "{\"id\":\"none\",\"context_tokens\":1000,\"input_price\":0,\"output_price\":0}");
}
static const aisci_llm_provider_t provider = {sizeof(aisci_llm_provider_t), 0, complete, embed, count_tokens, models};

/* ---- retriever ---- */

static const char* const kRecord =
    "{\"key\":\"holm1979\",\"title\":\"A simple sequentially rejective multiple test procedure\"}";

static int32_t search(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t query, uint32_t k,
                      aisci_sink_t* records) {
  (void)instance;
  (void)query;
  if (call->is_cancelled(call)) return AISCI_CANCELLED;
  return k == 0 ? AISCI_OK : give(records, kRecord);
}
static int32_t fetch(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t id, aisci_sink_t* record) {
  (void)instance;
  return same(id, "holm1979") ? give(record, kRecord) : failed(call, AISCI_NOT_FOUND, "one record is known, holm1979");
}
static const aisci_retriever_t retriever = {sizeof(aisci_retriever_t), 0, search, fetch};

/* ---- writer ---- */

static int32_t render(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t paper,
                      aisci_bytes_t artefacts, aisci_sink_t* files) {
  int32_t code;
  (void)instance;
  (void)paper;
  (void)artefacts;
  if (call->is_cancelled(call)) return AISCI_CANCELLED;
  code = give(files, "{\"file\":\"paper.txt\",\"text\":\"a paper\"}");
  return code != AISCI_OK ? code : give(files, "{\"build\":{\"steps\":[[\"true\"]],\"output\":\"paper.txt\"}}");
}
static int32_t check(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t paper, aisci_sink_t* report) {
  (void)instance;
  (void)call;
  (void)paper;
  return give(report, "{\"problems\":[]}");
}
static const aisci_writer_t writer = {sizeof(aisci_writer_t), 0, render, check};

/* ---- sandbox: runs the program as it is, which is no isolation at all ---- */

enum { kArguments = 8, kArgument = 512 };

struct aisci_session {
  pid_t pid;
  int out, err, killed;
};

/* The strings of the array "argv"; escapes other than \" and \\ are not read. */
static int arguments_of(aisci_bytes_t spec, char (*to)[kArgument], char** argv) {
  const char* at = find(spec, "\"argv\":[");
  const char* const end = (const char*)spec.data + spec.size;
  int count = 0;
  if (!at) return 0;
  for (at += strlen("\"argv\":["); at < end && *at != ']'; ++at) {
    size_t size = 0;
    if (*at != '"') continue;
    if (count == kArguments) return 0;
    for (++at; at < end && *at != '"'; ++at) {
      if (*at == '\\') ++at;
      if (at == end || size + 1 == kArgument) return 0;
      to[count][size++] = *at;
    }
    to[count][size] = 0;
    argv[count] = to[count];
    ++count;
  }
  argv[count] = NULL;
  return count;
}

static int32_t open_session(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t limits,
                            aisci_session_t** out) {
  (void)instance;
  (void)call;
  (void)limits;
  *out = (aisci_session_t*)calloc(1, sizeof **out);
  return *out ? AISCI_OK : AISCI_RESOURCE_EXHAUSTED;
}
static int32_t put(aisci_session_t* session, const aisci_call_t* call, aisci_bytes_t path, aisci_source_t* source) {
  (void)session;
  (void)path;
  (void)source;
  return failed(call, AISCI_UNIMPLEMENTED, "this sandbox keeps no files");
}
static int32_t get(aisci_session_t* session, const aisci_call_t* call, aisci_bytes_t path, aisci_sink_t* bytes) {
  (void)session;
  (void)path;
  (void)bytes;
  return failed(call, AISCI_NOT_FOUND, "this sandbox keeps no files");
}
static int32_t start(aisci_session_t* session, const aisci_call_t* call, aisci_bytes_t spec, aisci_bytes_t run_id,
                     aisci_sink_t* token) {
  char words[kArguments][kArgument];
  char* argv[kArguments + 1];
  int out[2], err[2];
  if (arguments_of(spec, words, argv) == 0) return failed(call, AISCI_INVALID_ARGUMENT, "no argv in the specification");
  if (pipe(out) != 0 || pipe(err) != 0) return failed(call, AISCI_RESOURCE_EXHAUSTED, "no pipe");
  session->pid = fork();
  if (session->pid < 0) return failed(call, AISCI_RESOURCE_EXHAUSTED, "no process");
  if (session->pid == 0) {
    setpgid(0, 0);
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    close(out[0]);
    close(err[0]);
    close(out[1]);
    close(err[1]);
    execvp(argv[0], argv);
    _exit(127);
  }
  setpgid(session->pid, session->pid);
  close(out[1]);
  close(err[1]);
  session->out = out[0];
  session->err = err[0];
  session->killed = 0;
  return token->write(token, run_id);
}
static int32_t drain(int from, aisci_sink_t* sink, int* open) {
  char block[4096];
  const ssize_t size = read(from, block, sizeof block);
  if (size <= 0) {
    *open = 0;
  } else if (sink) {
    const aisci_bytes_t bytes = {block, (uint64_t)size};
    return sink->write(sink, bytes);
  }
  return AISCI_OK;
}
static int32_t wait_for(aisci_session_t* session, const aisci_call_t* call, aisci_bytes_t token, aisci_sink_t* output,
                        aisci_sink_t* errors, aisci_sink_t* events, aisci_exit_t* out_exit) {
  int status = 0, out_open = 1, err_open = 1;
  (void)token;
  (void)events;
  while (out_open || err_open) {
    struct pollfd ready[2] = {{session->out, POLLIN, 0}, {session->err, POLLIN, 0}};
    int32_t code = AISCI_OK;
    if (!out_open) ready[0].fd = -1;
    if (!err_open) ready[1].fd = -1;
    if (call->is_cancelled(call)) return AISCI_CANCELLED;
    if (poll(ready, 2, 50) <= 0) continue;
    if (ready[0].revents) code = drain(session->out, output, &out_open);
    if (code == AISCI_OK && ready[1].revents) code = drain(session->err, errors, &err_open);
    if (code != AISCI_OK) return code;
  }
  waitpid(session->pid, &status, 0);
  close(session->out);
  close(session->err);
  session->pid = 0;
  out_exit->flags = session->killed ? AISCI_EXIT_KILLED : 0;
  out_exit->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  out_exit->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return AISCI_OK;
}
static int32_t kill_run(aisci_session_t* session, const aisci_call_t* call, aisci_bytes_t token, int64_t grace_ns) {
  (void)call;
  (void)token;
  (void)grace_ns;
  session->killed = 1;
  if (session->pid > 0) kill(-session->pid, SIGKILL);
  return AISCI_OK;
}
static void close_session(aisci_session_t* session) {
  if (session->pid > 0) {
    kill(-session->pid, SIGKILL);
    waitpid(session->pid, NULL, 0);
  }
  free(session);
}
static int32_t attach(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t run_id,
                      aisci_session_t** out) {
  (void)instance;
  (void)run_id;
  (void)out;
  return failed(call, AISCI_NOT_FOUND, "runs of this sandbox end with their session");
}
static int32_t leftovers(aisci_instance_t* instance, const aisci_call_t* call, aisci_sink_t* runs) {
  (void)instance;
  (void)call;
  (void)runs;
  return AISCI_OK;
}
static const aisci_sandbox_t sandbox = {
    sizeof(aisci_sandbox_t), 0, open_session, put, get, start, wait_for, kill_run, close_session, attach, leftovers};

/* ---- the plugin ---- */

static const struct {
  const char *kind, *interface;
  const void* table;
} kKinds[] = {{"value_function", AISCI_VALUE_FUNCTION_1, &value_function},
              {"agent", AISCI_AGENT_1, &agent},
              {"sandbox", AISCI_SANDBOX_1, &sandbox},
              {"llm_provider", AISCI_LLM_PROVIDER_1, &provider},
              {"retriever", AISCI_RETRIEVER_1, &retriever},
              {"writer", AISCI_WRITER_1, &writer}};
enum { kKindCount = sizeof kKinds / sizeof kKinds[0] };

static const void* get_interface(aisci_instance_t* instance, const char* id) {
  const size_t kind = (size_t)((const char*)instance->self - (const char*)kKinds) / sizeof kKinds[0];
  return strcmp(id, kKinds[kind].interface) == 0 ? kKinds[kind].table : NULL;
}
static void destroy(aisci_instance_t* instance) { free(instance); }

static int32_t create(const aisci_call_t* call, const aisci_setup_t* setup, aisci_instance_t** out) {
  for (size_t i = 0; i < kKindCount; ++i) {
    aisci_instance_t* instance;
    if (strcmp(setup->kind, kKinds[i].kind) != 0) continue;
    instance = (aisci_instance_t*)malloc(sizeof *instance);
    if (!instance) return AISCI_RESOURCE_EXHAUSTED;
    instance->struct_size = sizeof *instance;
    instance->reserved = 0;
    instance->self = (void*)&kKinds[i];
    instance->get_interface = get_interface;
    instance->destroy = destroy;
    *out = instance;
    return AISCI_OK;
  }
  return failed(call, AISCI_NOT_FOUND, "no such kind");
}

static const aisci_plugin_info_t info = {sizeof(aisci_plugin_info_t), 0, "org.example.six", "1.0.0"};
#define COMPONENT(kind) \
  { sizeof(aisci_component_t), 0, kind, "six" }
static const aisci_component_t list[] = {COMPONENT("value_function"), COMPONENT("agent"),     COMPONENT("sandbox"),
                                         COMPONENT("llm_provider"),   COMPONENT("retriever"), COMPONENT("writer")};
static const aisci_component_t* const components[] = {&list[0], &list[1], &list[2], &list[3], &list[4], &list[5]};
static const aisci_plugin_t plugin = {
    sizeof(aisci_plugin_t), 0, AISCI_ABI_MAJOR, AISCI_ABI_MINOR, 0, 0, &info, components, kKindCount, create, NULL};

const aisci_plugin_t* aisci_plugin_v1(void) { return &plugin; }
