// The six kinds of a plugin as the C++ classes that the rest of the library uses.
#pragma once

#include "host/instance.hpp"
#include "host/kinds.hpp"

namespace aisci::host {

// A component of kind T over a plugin's instance, which must offer T's interface.
template <typename T>
std::shared_ptr<T> make_proxy(std::shared_ptr<Instance> instance);

}  // namespace aisci::host
