#include "research/host_services.hpp"

#include <aisci/abi/host.h>
#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <sstream>
#include <vector>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "runtime/turns.hpp"

namespace aisci {
namespace {

using Text = Result<std::string>;

const char* name_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
    case LogLevel::kHostMisbehaving:
      return "host misbehaves";
    case LogLevel::kPluginMisbehaving:
      return "plugin misbehaves";
  }
  return "error";
}

// A decimal number in the C locale, and nothing else.
Result<double> number_in(std::string_view text) {
  std::istringstream in{std::string{text}};
  in.imbue(std::locale::classic());
  double value = 0;
  if (!(in >> value) || !in.eof()) return invalid_argument("no number: " + printable(text, 40));
  return value;
}

std::string text_of_number(double value) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(15);
  out << value;
  return out.str();
}

// A key of the user's, by the names that keys have. What else the environment holds is nobody's business.
Text secret(std::string_view name) {
  const auto ends = [&](std::string_view ending) {
    return name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending;
  };
  const bool plain = std::all_of(name.begin(), name.end(),
                                 [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
  if (!plain || !(ends("_KEY") || ends("_TOKEN") || ends("_SECRET")))
    return permission_denied("only variables whose names end in _KEY, _TOKEN or _SECRET are given to components");
  const char* const value = std::getenv(std::string{name}.c_str());
  if (!value || !*value) return not_found("the environment variable " + std::string{name} + " is not set");
  return std::string{value};
}

// The components that are under way on this thread: a call from one into another runs on the thread of the first.
thread_local std::vector<std::string> under_way;

class UnderWay {
 public:
  explicit UnderWay(std::string who) { under_way.push_back(std::move(who)); }
  ~UnderWay() { under_way.pop_back(); }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
};

Sink into(json::array& documents) {
  return [&documents](std::string_view text) -> Status {
    AISCI_ASSIGN_OR_RETURN(json::value document, parse_json(text, "a component's answer"));
    documents.push_back(std::move(document));
    return {};
  };
}

Text ask_retriever(Registry& registry, const std::string& id, const std::string& function, const json::object& input,
                   const CallContext& call) {
  AISCI_ASSIGN_OR_RETURN(const auto retriever, registry.create_retriever(id));
  json::array records;
  if (function == "search") {
    const auto k = static_cast<std::uint32_t>(std::clamp<std::int64_t>(integer_of(input, "k", 10), 0, 1000));
    AISCI_RETURN_IF_ERROR(retriever->search(text_of(input, "query"), k, into(records), call));
    return json::serialize(records);
  }
  if (function != "fetch") return not_found("a retriever has the functions search and fetch, not " + function);
  AISCI_RETURN_IF_ERROR(retriever->fetch(text_of(input, "id"), into(records), call));
  return records.empty() ? Text{not_found("no record " + text_of(input, "id"))} : Text{json::serialize(records[0])};
}

// "retriever/local/search": kind, component, function or task.
Text ask_component(Registry& registry, const HostServices& inner, std::string_view asker, std::string_view path,
                   std::string_view input, const CallContext& call) {
  const auto parts = split(path, '/');
  if (parts.size() != 3)
    return invalid_argument("a component is asked as kind/name/function, not " + std::string{path});
  const std::string target = parts[0] + " " + parts[1], from = std::string{asker.substr(0, asker.find(" ("))};
  if (target == from || std::find(under_way.begin(), under_way.end(), target) != under_way.end())
    return failed_precondition(target + " is under way already: " + from + " cannot ask it");
  AISCI_ASSIGN_OR_RETURN(const json::object document, parse_json_object(input, "the question to " + target));
  const UnderWay mark{from};
  if (parts[0] == "retriever") return ask_retriever(registry, parts[1], parts[2], document, call);
  if (parts[0] == "agent") {
    AISCI_ASSIGN_OR_RETURN(const auto agent, registry.create_agent(parts[1], "{}", inner));
    return agent->act(parts[2], input, call);
  }
  return permission_denied(
      "components may ask retrievers and agents; a model is asked through its own service, and a " + parts[0] +
      " not at all");
}

}  // namespace

HostServices study_services(const StudyServices& study) {
  HostServices services;
  services.model_task = study.model_task;
  services.log = [tell = study.tell](LogLevel level, std::string_view component, std::string_view message,
                                     std::string_view) {
    if (tell && level != LogLevel::kDebug)
      tell("log", std::string{component}, std::string{name_of(level)} + ": " + printable(message, 2000));
  };
  services.further[AISCI_HOST_CONFIGURATION] = [options = study.options](auto, std::string_view name, auto,
                                                                         const auto&) -> Text {
    const auto& table = option_table();
    const auto known = [&](const OptionInfo& row) { return row.name == name; };
    if (std::none_of(table.begin(), table.end(), known)) return not_found("there is no option " + std::string{name});
    return get_option(options, name);
  };
  services.further[AISCI_HOST_SECRETS] = [](auto, std::string_view name, auto, const auto&) { return secret(name); };
  services.further[AISCI_HOST_RNG] = [seed = study.options.seed.value_or(0)](std::string_view component,
                                                                             std::string_view purpose, auto,
                                                                             const auto&) -> Text {
    const std::uint64_t derived = seed_of(std::string{component} + "/" + std::string{purpose}, seed);
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(derived >> 8 * i & 0xff);
    return bytes;
  };
  services.further[AISCI_HOST_ARTEFACTS] =
      [&ledger = study.ledger, recording = study.recording, alone = std::make_shared<std::mutex>()](
          auto, std::string_view name, std::string_view input, const auto&) -> Text {
    const std::lock_guard lock{*alone};
    if (name == "put") return recording ? ledger.put(input) : Text{sha256(input)};
    if (name == "get") return ledger.get(input);
    return not_found("artefacts are put and got, not " + printable(name, 40));
  };
  services.further[AISCI_HOST_BUDGET] = [left = study.experiments_left, &tasks = study.tasks](
                                            auto, std::string_view name, auto, const auto&) -> Text {
    if (name == "experiments") return std::to_string(left->load());
    if (const auto rest = tasks.budget_left(name)) return text_of_number(*rest);
    return not_found("there is no limit on " + printable(name, 40));
  };
  services.further[AISCI_HOST_METRICS] = [tell = study.tell](std::string_view component, std::string_view name,
                                                             std::string_view input, const auto&) -> Text {
    AISCI_ASSIGN_OR_RETURN(const double value, number_in(input));
    if (tell) tell("metric", std::string{component}, printable(name, 200) + " " + text_of_number(value));
    return std::string{};
  };
  services.further[AISCI_HOST_RATE_LIMITS] = [turns = std::make_shared<Turns>()](auto, std::string_view name,
                                                                                 std::string_view input,
                                                                                 const CallContext& call) -> Text {
    AISCI_ASSIGN_OR_RETURN(const double rate, number_in(input));
    AISCI_RETURN_IF_ERROR(turns->wait(std::string{name}, rate, call));
    return std::string{};
  };
  const HostServices inner = services;  // what a component that is asked may ask in turn: all but components
  services.further[AISCI_HOST_COMPONENTS] = [&registry = study.registry, inner](
                                                std::string_view asker, std::string_view path, std::string_view input,
                                                const CallContext& call) {
    return ask_component(registry, inner, asker, path, input, call);
  };
  return services;
}

}  // namespace aisci
