/* Kind llm_provider (draft: may change until it moves to kinds/): answers requests to a model.
 *
 * request_json of complete (unknown members are ignored):
 *   {"task":"ideation.scope","input":{..},                       what is asked, for a provider that needs no prose
 *    "messages":[{"role":"system|user|assistant","content":".."}], the same for a language model
 *    "schema":{..},                                              JSON Schema that the answer's text must satisfy
 *    "model":"","temperature":0.7,"max_output_tokens":4096,"seed":7}   each optional
 * response: {"text":"..","model":"..","finish":"stop|length|refused","usage":{"input_tokens":0,"output_tokens":0}}
 *
 * Retrying, caching, budgets and validation are the host's. A provider makes one attempt and says what
 * happened: RESOURCE_EXHAUSTED or UNAVAILABLE with report "http" {"status":..,"retry_after_seconds":..},
 * UNAUTHENTICATED, INVALID_ARGUMENT; and reports "usage" also when it fails after the model was paid.
 *
 * Since ABI 1.0, as a draft. */
#ifndef AISCI_ABI_DRAFT_LLM_PROVIDER_H
#define AISCI_ABI_DRAFT_LLM_PROVIDER_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AISCI_LLM_PROVIDER_1 "aisci.llm-provider/1"

typedef struct aisci_llm_provider {
  uint32_t struct_size;
  uint32_t reserved;

  /* deltas: NULL, or one document a write as text arrives, {"text":".."}. response: one write. [concurrent] */
  int32_t (*complete)(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t request_json,
                      aisci_sink_t* deltas, aisci_sink_t* response);

  /* One write for each text, in order: its vector as 32-bit little-endian floats. UNIMPLEMENTED when it has
   * no embeddings. [concurrent] */
  int32_t (*embed)(aisci_instance_t* instance, const aisci_call_t* call, const aisci_bytes_t* texts, uint64_t count,
                   aisci_sink_t* vectors);

  /* How many tokens the text is for the model, exactly or as an upper estimate. [concurrent] */
  int32_t (*count_tokens)(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t text, uint64_t* out);

  /* One document a write: {"id":"..","context_tokens":..,"input_price":..,"output_price":..} (prices per million
   * tokens in US dollars; 0 when free). The first is the default. [concurrent] */
  int32_t (*models)(aisci_instance_t* instance, const aisci_call_t* call, aisci_sink_t* models);
} aisci_llm_provider_t;

#ifdef __cplusplus
}
#endif
#endif
