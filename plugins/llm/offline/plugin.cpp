#include "provider.hpp"

AISCI_PLUGIN("org.aisci.offline", "0.1.0", AISCI_LLM_PROVIDER("offline", aisci::offline::Offline))
