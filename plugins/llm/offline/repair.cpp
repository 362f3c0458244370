#include "repair.hpp"

#include <aisci/plugin/call.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include "document.hpp"

namespace aisci::offline {
namespace {

// Names as programs use them, and the line that brings each.
constexpr std::pair<std::string_view, std::string_view> kImports[] = {
    {"collections", "import collections"},
    {"functools", "import functools"},
    {"itertools", "import itertools"},
    {"json", "import json"},
    {"math", "import math"},
    {"os", "import os"},
    {"pathlib", "import pathlib"},
    {"random", "import random"},
    {"re", "import re"},
    {"sys", "import sys"},
    {"time", "import time"},
    {"numpy", "import numpy"},
    {"np", "import numpy as np"},
    {"torch", "import torch"},
    {"nn", "from torch import nn"},
    {"F", "from torch.nn import functional as F"},
};

std::string between(const std::string& text, std::string_view head, char end) {
  const auto at = text.rfind(head);
  if (at == std::string::npos) return {};
  const auto from = at + head.size();
  return text.substr(from, text.find(end, from) - from);
}

// Whether a line of the program says just this, wherever it is indented.
bool has_line(const std::string& code, std::string_view line) {
  constexpr const char* kBlank = " \t\r";
  for (std::size_t at = 0; at < code.size();) {
    const auto end = std::min(code.find('\n', at), code.size());
    const std::string one = code.substr(at, end - at);
    const auto first = one.find_first_not_of(kBlank);
    if (first != std::string::npos && one.substr(first, one.find_last_not_of(kBlank) - first + 1) == line) return true;
    at = end + 1;
  }
  return false;
}

// After the line of the module that pins threads, which must come first; else before the first import.
std::string with_line(const std::string& code, std::string_view line) {
  std::size_t place = 0;
  for (std::size_t at = 0; at < code.size();) {
    const auto end = code.find('\n', at);
    const std::string one = code.substr(at, end == std::string::npos ? end : end - at);
    const std::size_t next = end == std::string::npos ? code.size() : end + 1;
    if (one.rfind("import aisci_experiment", 0) == 0) {
      place = next;
      break;
    }
    const bool future = one.rfind("from __future__", 0) == 0;
    if (place == 0 && !future && (one.rfind("import ", 0) == 0 || one.rfind("from ", 0) == 0)) place = at;
    at = next;
  }
  return code.substr(0, place) + std::string{line} + "\n" + code.substr(place);
}

}  // namespace

json::object design_repair(const json::object& input) {
  const std::string failure = text_of(input, "failure");
  const std::string name = between(failure, "NameError: name '", '\''), file = between(failure, "File \"/job/", '"');
  const std::string code = text_of(object_of(input, "code"), file);
  for (const auto& [known, line] : kImports) {
    if (known != name || code.empty() || has_line(code, line)) continue;
    return {{"code", json::object{{file, with_line(code, line)}}},
            {"told", file + " used " + name + " without importing it"}};
  }
  throw plugin::Error{plugin::Code::kUnimplemented,
                      "offline repairs nothing but a known module that is used and not imported"};
}

}  // namespace aisci::offline
