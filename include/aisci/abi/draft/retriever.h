/* Kind retriever (draft: may change until it moves to kinds/): finds papers.
 *
 * Records are JSON documents: {"key","title","authors":[..],"year","venue","doi","arxiv","url","themes":[..],
 * "statements":[..],"checked_in"}; what a source does not know is left out.
 *
 * Since ABI 1.0, as a draft. */
#ifndef AISCI_ABI_DRAFT_RETRIEVER_H
#define AISCI_ABI_DRAFT_RETRIEVER_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AISCI_RETRIEVER_1 "aisci.retriever/1"

typedef struct aisci_retriever {
  uint32_t struct_size;
  uint32_t reserved;

  /* Up to k records, the best first, one a write. [concurrent] */
  int32_t (*search)(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t query, uint32_t k,
                    aisci_sink_t* records);

  /* The record of a key, DOI or arXiv number, in one write. NOT_FOUND. [concurrent] */
  int32_t (*fetch)(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t id, aisci_sink_t* record);
} aisci_retriever_t;

#ifdef __cplusplus
}
#endif
#endif
