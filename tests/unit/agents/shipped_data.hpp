// The template, records and schemas that ship with aisci, as the agents' tests use them.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include "kit/document.hpp"
#include "runtime/model_tasks.hpp"

namespace aisci::shipped {

inline std::string text(const std::string& path) {
  std::ifstream file{std::string{AISCI_SOURCE_DIR} + "/" + path, std::ios::binary};
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

inline const ::json::object& manifest() {
  static const ::json::object kManifest =
      ::json::parse(text("plugins/agents/design/templates/image_classification/template.json")).as_object();
  return kManifest;
}

inline const ::json::array& records() {
  static const ::json::array kRecords = [] {
    ::json::array list;
    std::istringstream lines{text("plugins/retrievers/local/data/machine_learning.jsonl")};
    for (std::string line; std::getline(lines, line);)
      if (!line.empty()) list.push_back(::json::parse(line));
    return list;
  }();
  return kRecords;
}

inline Status fits(const ::json::object& answer, const std::string& agent, const std::string& task) {
  return check_schema(answer, ::json::parse(text("plugins/agents/" + agent + "/tasks/" + task + ".schema.json")),
                      "the answer to " + task);
}

}  // namespace aisci::shipped
