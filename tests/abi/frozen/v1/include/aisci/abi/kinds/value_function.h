/* Kind value_function: what a node of the search tree is worth.
 *
 * Since ABI 1.0. */
#ifndef AISCI_ABI_KINDS_VALUE_FUNCTION_H
#define AISCI_ABI_KINDS_VALUE_FUNCTION_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AISCI_VALUE_FUNCTION_1 "aisci.value-function/1"

#define AISCI_SCORE_HAS_STDDEV 1u /* stddev means something */

/* Frozen. The worth of one node. */
typedef struct aisci_score {
  double value;  /* 0 (worthless) to 1 */
  double stddev; /* how uncertain value is, when AISCI_SCORE_HAS_STDDEV is set */
  uint32_t flags;
  int32_t code; /* AISCI_OK, or why this node has no value; the others of the batch still count */
} aisci_score_t;

/* Frozen. A named number. */
typedef struct aisci_metric {
  aisci_bytes_t name;
  double value;
} aisci_metric_t;

/* A node as a value function sees it. Valid until evaluate returns. */
typedef struct aisci_node {
  uint32_t struct_size;
  uint32_t depth;  /* of the root: 0 */
  uint64_t id;     /* 3 is the node "n3" of documents; 0 is the root, the question */
  uint64_t parent; /* the root's: 0 */
  uint64_t visits;
  const aisci_metric_t* metrics; /* sorted by name */
  uint64_t metric_count;
  void* ctx; /* the host's */

  /* A document of the node by name: "hypothesis", "plan", "evidence", "code". NOT_FOUND when it has
   * none. `out` is valid until evaluate returns. [calling thread] */
  int32_t (*blob)(const struct aisci_node* node, aisci_bytes_t name, aisci_bytes_t* out);
} aisci_node_t;

typedef struct aisci_value_function {
  uint32_t struct_size;
  uint32_t reserved;

  /* Fills scores[i] for each nodes[i]. The same nodes get the same scores: no clock, no unseeded randomness.
   * What a value is made of may be told with call->report, key "score":
   * {"node":3,"parts":{"novelty":0.5},"not_assessed":["impact"]}. [instance-serial] */
  int32_t (*evaluate)(aisci_instance_t* instance, const aisci_call_t* call, const aisci_node_t* const* nodes,
                      uint64_t count, aisci_score_t* scores);
} aisci_value_function_t;

#ifdef __cplusplus
}
#endif
#endif
