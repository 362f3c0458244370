/* What the host offers to a component.
 *
 * The host pointer belongs to one instance: two runtimes in one process hand different ones to
 * the same plugin, so it is kept in the instance and never in a global.
 *
 * Since ABI 1.0. */
#ifndef AISCI_ABI_HOST_H
#define AISCI_ABI_HOST_H

#include "call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AISCI_LOG_DEBUG 0
#define AISCI_LOG_INFO 1
#define AISCI_LOG_WARNING 2
#define AISCI_LOG_ERROR 3
#define AISCI_LOG_HOST_MISBEHAVING 4   /* the host broke a rule of these headers */
#define AISCI_LOG_PLUGIN_MISBEHAVING 5 /* the plugin did; written by the host */

/* Valid from `create` until `destroy` of the instance returns. */
typedef struct aisci_host {
  uint32_t struct_size;
  uint32_t reserved;
  void* ctx; /* the host's */
  uint16_t abi_major;
  uint16_t abi_minor;
  uint32_t reserved2;
  const char* version; /* of the library, "0.1.0" */

  /* One line for the host's log. fields_json: an object, or empty. [any-thread] */
  void (*log)(const struct aisci_host* host, int32_t level, aisci_bytes_t message, aisci_bytes_t fields_json);

  /* A further service by id, or NULL when this host does not offer it. [any-thread] */
  const void* (*get_interface)(const struct aisci_host* host, const char* id);
} aisci_host_t;

#define AISCI_HOST_MODEL_TASK "aisci.host.model-task/1"

/* Asks the configured model. The host renders nothing: it fits the request into the budget, calls the
 * provider, checks the answer against the schema and has it repaired, and records all of it. */
typedef struct aisci_host_model_task {
  uint32_t struct_size;
  uint32_t reserved;

  /* call: the call within which the model is asked. name: "ideation.hypotheses". input_json: the task's input
   * document. messages_json: [{"role":"system|user|assistant","content":".."}], the input rendered for a model.
   * schema_json: JSON Schema of the answer. output: gets the answer, valid under the schema, in one write.
   * failure: NULL, or gets the sentence that says why, in one write. Blocks. [any-thread] */
  int32_t (*run)(const aisci_host_t* host, const aisci_call_t* call, aisci_bytes_t name, aisci_bytes_t input_json,
                 aisci_bytes_t messages_json, aisci_bytes_t schema_json, aisci_sink_t* output, aisci_sink_t* failure);
} aisci_host_model_task_t;

/* The other services share one table: a name and an input go in, at most one document comes out.
 *
 *   id                             name                      input               output
 *   AISCI_HOST_CONFIGURATION       an option, "seed"         -                   its value as text
 *   AISCI_HOST_SECRETS             "OPENAI_API_KEY"          -                   the secret; never log or report it
 *   AISCI_HOST_RNG                 what for, "tie-breaks"    -                   a seed, 8 bytes little-endian: the
 * same for this component and purpose whenever the study runs again AISCI_HOST_ARTEFACTS           "put" the content
 * its name, the SHA-256 in hexadecimal "get"                     that name           the content AISCI_HOST_BUDGET
 * "experiments", "usd",     -                   what is left, as a decimal number; "tokens" NOT_FOUND: there is no such
 * limit AISCI_HOST_METRICS             "papers_seen"             a decimal number    nothing: the program is told the
 * value AISCI_HOST_RATE_LIMITS         "api.example.org"         calls a second      nothing: returns when it is the
 * caller's as a decimal        turn, one after another for all who give that name AISCI_HOST_COMPONENTS
 * "retriever/local/search", a JSON object       a JSON document: what that component "agent/ideation/TASK" answers. A
 * component that is under way further up the same call is refused
 *
 * NOT_FOUND for a name the service does not know, PERMISSION_DENIED for one it does not give. */
#define AISCI_HOST_CONFIGURATION "aisci.host.configuration/1"
#define AISCI_HOST_SECRETS "aisci.host.secrets/1"
#define AISCI_HOST_RNG "aisci.host.rng/1"
#define AISCI_HOST_ARTEFACTS "aisci.host.artefacts/1"
#define AISCI_HOST_BUDGET "aisci.host.budget/1"
#define AISCI_HOST_METRICS "aisci.host.metrics/1"
#define AISCI_HOST_RATE_LIMITS "aisci.host.rate-limits/1"
#define AISCI_HOST_COMPONENTS "aisci.host.components/1"

typedef struct aisci_host_service {
  uint32_t struct_size;
  uint32_t reserved;

  /* call: the call within which it is asked, that of `create` too. output: gets the answer in one write. failure:
   * NULL, or gets the sentence that says why, in one write. May block. [any-thread] */
  int32_t (*ask)(const aisci_host_t* host, const aisci_call_t* call, aisci_bytes_t name, aisci_bytes_t input,
                 aisci_sink_t* output, aisci_sink_t* failure);
} aisci_host_service_t;

#ifdef __cplusplus
}
#endif
#endif
