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

#ifdef __cplusplus
}
#endif
#endif
