/* The stable plugin ABI in one include. The kinds that may still change: aisci/abi_draft.h. */
#ifndef AISCI_ABI_H
#define AISCI_ABI_H

#include "abi/call.h"
#include "abi/host.h"
#include "abi/kinds/value_function.h"
#include "abi/plugin.h"
#include "abi/types.h"

#endif
