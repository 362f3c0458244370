// All shipped templates, and what a question is read as over them, as the tests of questions use them.
#pragma once

#include <string>

#include "agents/design/templates.hpp"
#include "llm/offline/question.hpp"
#include "unit/agents/shipped_data.hpp"

namespace aisci::shipped {

inline const design::Templates& library() {
  static const design::Templates kLibrary{std::string{AISCI_SOURCE_DIR} + "/plugins/agents/design/templates"};
  return kLibrary;
}

inline ::json::object scope_of(const std::string& question) {
  return offline::ideation_scope({{"question", question}, {"templates", library().manifests()}});
}

}  // namespace aisci::shipped
