#include "provider.hpp"

AISCI_PLUGIN("org.aisci.openai", "0.1.0", AISCI_LLM_PROVIDER("openai", aisci::openai::OpenAI))
