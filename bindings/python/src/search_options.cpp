// The options of a search, by their names.
#include "search.hpp"

#include <pybind11/stl.h>

#include <functional>

namespace aisci::python {
namespace {

constexpr const char* kBackups[] = {"mean", "max", "quantile"};

mcts::Backup backup_of(const std::string& name) {
  for (std::size_t i = 0; i < std::size(kBackups); ++i)
    if (name == kBackups[i]) return static_cast<mcts::Backup>(i);
  raise(invalid_argument("backup \"" + name + "\": expected mean, max or quantile"));
}

using Setter = std::function<void(mcts::Options&, py::handle)>;

template <typename T>
Setter set(T mcts::Options::*field) {
  return [field](mcts::Options& options, py::handle value) { options.*field = value.cast<T>(); };
}

const std::map<std::string, Setter>& setters() {
  using O = mcts::Options;
  static const std::map<std::string, Setter> table{
      {"policy", set(&O::policy)},
      {"seed", set(&O::seed)},
      {"budget", set(&O::budget)},
      {"iterations", set(&O::iterations)},
      {"drafts", set(&O::drafts)},
      {"depth", set(&O::depth)},
      {"width", set(&O::width)},
      {"exploration", set(&O::exploration)},
      {"pruning", set(&O::pruning)},
      {"expand", set(&O::expand)},
      {"observations", set(&O::observations)},
      {"noise", set(&O::noise)},
      {"debug", set(&O::debug)},
      {"debug_depth", set(&O::debug_depth)},
      {"cost", set(&O::cost)},
      {"backup", [](O& options, py::handle value) { options.backup = backup_of(value.cast<std::string>()); }},
      {"quantile", set(&O::quantile)},
  };
  return table;
}

}  // namespace

std::vector<std::string> search_options() {
  std::vector<std::string> names;
  for (const auto& [name, setter] : setters()) names.push_back(name);
  return names;
}

mcts::Options options_of(const py::dict& given) {
  mcts::Options options;
  for (const auto& [key, value] : given) {
    const auto name = key.cast<std::string>();
    const auto setter = setters().find(name);
    if (setter == setters().end()) raise(invalid_argument("unknown option \"" + name + "\" of a search"));
    try {
      setter->second(options, value);
    } catch (const py::cast_error&) {
      raise(invalid_argument(name + " = " + py::repr(value).cast<std::string>() + ": not a value of this option"));
    }
  }
  return options;
}

}  // namespace aisci::python
