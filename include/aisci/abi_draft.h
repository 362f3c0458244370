/* The plugin ABI with the kinds that may still change. */
#ifndef AISCI_ABI_DRAFT_H
#define AISCI_ABI_DRAFT_H

#include "abi.h"
#include "abi/draft/agent.h"
#include "abi/draft/llm_provider.h"
#include "abi/draft/retriever.h"
#include "abi/draft/sandbox.h"
#include "abi/draft/writer.h"

#endif
