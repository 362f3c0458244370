// The kit's questions to documents, under the provider's own namespace.
#pragma once

#include "kit/document.hpp"

namespace aisci::offline {
using namespace kit;  // NOLINT: the two are one vocabulary here
}  // namespace aisci::offline
