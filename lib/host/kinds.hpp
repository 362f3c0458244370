// The six kinds: their C++ class, their name, and their C interface.
#pragma once

#include <aisci/abi_draft.h>
#include <aisci/registry.hpp>

#include <array>
#include <string_view>

namespace aisci::host {

template <typename T>
struct KindOf;
template <>
struct KindOf<ValueFunction> {
  using Table = aisci_value_function_t;
  static constexpr const char* name = "value_function";
  static constexpr const char* interface = AISCI_VALUE_FUNCTION_1;
  static constexpr bool concurrent = false;
};
template <>
struct KindOf<Agent> {
  using Table = aisci_agent_t;
  static constexpr const char* name = "agent";
  static constexpr const char* interface = AISCI_AGENT_1;
  static constexpr bool concurrent = false;
};
template <>
struct KindOf<Sandbox> {
  using Table = aisci_sandbox_t;
  static constexpr const char* name = "sandbox";
  static constexpr const char* interface = AISCI_SANDBOX_1;
  static constexpr bool concurrent = true;
};
template <>
struct KindOf<LLMProvider> {
  using Table = aisci_llm_provider_t;
  static constexpr const char* name = "llm_provider";
  static constexpr const char* interface = AISCI_LLM_PROVIDER_1;
  static constexpr bool concurrent = true;
};
template <>
struct KindOf<Retriever> {
  using Table = aisci_retriever_t;
  static constexpr const char* name = "retriever";
  static constexpr const char* interface = AISCI_RETRIEVER_1;
  static constexpr bool concurrent = true;
};
template <>
struct KindOf<Writer> {
  using Table = aisci_writer_t;
  static constexpr const char* name = "writer";
  static constexpr const char* interface = AISCI_WRITER_1;
  static constexpr bool concurrent = false;
};

inline constexpr std::array<std::string_view, 6> kKinds{KindOf<ValueFunction>::name, KindOf<Agent>::name,
                                                        KindOf<Sandbox>::name,       KindOf<LLMProvider>::name,
                                                        KindOf<Retriever>::name,     KindOf<Writer>::name};

}  // namespace aisci::host
