/* Kind agent (draft: may change until it moves to kinds/): does named pieces of research work.
 *
 * Since ABI 1.0, as a draft. */
#ifndef AISCI_ABI_DRAFT_AGENT_H
#define AISCI_ABI_DRAFT_AGENT_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AISCI_AGENT_1 "aisci.agent/1"

typedef struct aisci_agent {
  uint32_t struct_size;
  uint32_t reserved;

  /* The names of the tasks it can do, one a write: "ideation.scope". [instance-serial] */
  int32_t (*tasks)(aisci_instance_t* instance, const aisci_call_t* call, aisci_sink_t* names);

  /* Does a task: input document in, output document out in one write. UNIMPLEMENTED for a task it
   * does not list. May ask a model (host.h, model-task). [instance-serial] */
  int32_t (*act)(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t task, aisci_bytes_t input_json,
                 aisci_sink_t* output);
} aisci_agent_t;

#ifdef __cplusplus
}
#endif
#endif
