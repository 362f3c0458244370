#include "provider.hpp"

AISCI_PLUGIN("org.aisci.anthropic", "0.1.0", AISCI_LLM_PROVIDER("anthropic", aisci::anthropic::Anthropic))
