// From the options to the model: the provider, its price, the caps, and who stands in at a cap.
#pragma once

#include <aisci/llm_provider.hpp>
#include <aisci/options.hpp>
#include <aisci/registry.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ledger/ledger.hpp"
#include "runtime/model_tasks.hpp"

namespace aisci {

// The provider that computes its answers: nothing is paid, and it answers the same again.
constexpr const char* kOffline = "offline";

// The configured provider. NOT_FOUND when there is no plugin for it; INVALID_ARGUMENT for a bad address.
Result<std::shared_ptr<LLMProvider>> make_provider(const Options& options, Registry& registry);

// "2.5,10" as a price. INVALID_ARGUMENT for anything else; none for "".
Result<std::optional<ModelPrice>> parse_price(const std::string& text);

// What runs the study's model tasks. `cancelled` ends waiting and calls; `tell` gets a line for people when a call has
// to wait.
Result<std::unique_ptr<ModelTasks>> make_model_tasks(
    const Options& options, Registry& registry, Ledger& ledger,
    const std::function<bool()>& cancelled = [] { return false; },
    std::function<void(const std::string&)> tell = [](const std::string&) {});

}  // namespace aisci
