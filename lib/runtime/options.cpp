#include <toml++/toml.h>
#include <aisci/options.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <variant>

#include "base/files.hpp"
#include "base/text.hpp"
#include "runtime/environment.hpp"
#include "runtime/gpus.hpp"
#include "runtime/own_options.hpp"

namespace aisci {
namespace {

using Field = std::variant<std::string Options::*, int Options::*, double Options::*, bool Options::*,
                           std::optional<std::uint64_t> Options::*>;

struct Row {
  const char* name;
  const char* flag;
  Field field;
  double lowest;  // for numbers
  double highest;
  const char* help;
  std::vector<std::string_view> choices = {};  // for texts; none: any
};

constexpr double kMany = 1e9;

const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {"llm_provider", "--llm", &Options::llm_provider, 0, 0,
       "who answers model tasks; offline needs no key and no network"},
      {"model", "--model", &Options::model, 0, 0, "model name as the provider knows it"},
      {"llm_base_url", "--llm-base-url", &Options::llm_base_url, 0, 0,
       "address of the model's server, such as http://127.0.0.1:8080/v1"},
      {"llm_timeout_seconds", "--llm-timeout", &Options::llm_timeout_seconds, 1, 86400,
       "longest silence of the model's server in seconds"},
      {"llm_max_output_tokens", "--llm-max-output", &Options::llm_max_output_tokens, 0, kMany,
       "tokens of one answer at most; 0 for what the provider allows"},
      {"llm_price", "--llm-price", &Options::llm_price, 0, 0,
       "INPUT,OUTPUT: US dollars per million tokens, where the provider does not know them"},
      {"budget_tokens", "--budget-tokens", &Options::budget_tokens, 0, kMany,
       "tokens that models may read and write at most; 0 for no cap"},
      {"budget_usd", "--budget-usd", &Options::budget_usd, 0, kMany,
       "US dollars that models may cost at most; 0 for no cap"},
      {"max_iterations", "--iterations", &Options::max_iterations, 1, kMany, "expansions of the search tree at most"},
      {"max_experiments", "--max-experiments", &Options::max_experiments, 1, kMany,
       "node evaluations at most; confirmation has its own reserve"},
      {"budget_hours", "--budget-hours", &Options::budget_hours, 0, kMany,
       "wall time of the search in hours; 0 for no limit"},
      {"enable_tree_search", "--tree-search", &Options::enable_tree_search, 0, 0,
       "false: hypotheses are tested once, in order"},
      {"tree_search_depth", "--depth", &Options::tree_search_depth, 1, 1000, "longest path below the question"},
      {"tree_search_width", "--width", &Options::tree_search_width, 1, 1000, "children a node may have"},
      {"initial_hypotheses", "--hypotheses", &Options::initial_hypotheses, 1, 1000, "hypotheses proposed first"},
      {"initial_hypotheses_kept", "--keep", &Options::initial_hypotheses_kept, 1, 1000,
       "of those, kept for exploration"},
      {"exploration_weight", "--exploration", &Options::exploration_weight, 0, 1000,
       "exploration of the policies ucb1, uct and puct"},
      {"pruning_threshold", "--pruning", &Options::pruning_threshold, 0, 1, "a node worth less is not expanded"},
      {"policy", "--policy", &Options::policy, 0, 0, "random, ucb1, uct, puct, greedy, thompson or adaptive"},
      {"value_function", "--value-function", &Options::value_function, 0, 0, "what a node is worth"},
      {"value_weights", "--value-weights", &Options::value_weights, 0, 0,
       "weights of its parts: novelty=0.3,significance=0.4,..."},
      {"blocks", "--blocks", &Options::blocks, 5, 1000,
       "blocks (seeds in which every arm runs) of a node in the search"},
      {"max_retries", "--max-retries", &Options::max_retries, 0, 100,
       "attempts after a failed one, of each experiment"},
      {"parallel_experiments", "--parallel", &Options::parallel_experiments, 0, 1024,
       "experiments at once; 0 for min(4, processors)"},
      {"order",
       "--order",
       &Options::order,
       0,
       0,
       "in which outcomes count: ticket (as asked for, the same at any speed) or arrival (as they end, no slot idle)",
       {"ticket", "arrival"}},
      {"gpu_allocation",
       "--gpu-allocation",
       &Options::gpu_allocation,
       0,
       0,
       "auto (a GPU to itself for each experiment that can use one) or none",
       {"auto", "none"}},
      {"gpu_ids", "--gpus", &Options::gpu_ids, 0, 0,
       "which: all, none, or a list such as 0,1 (indices or UUIDs; one that is named twice takes two experiments)"},
      {"sandbox", "--sandbox", &Options::sandbox, 0, 0, "bubblewrap, or process (no isolation)"},
      {"require_layers", "--require-layers", &Options::require_layers, 0, 0,
       "layers of isolation that must hold, such as memory,processes (aisci doctor lists them)"},
      {"confirmation_share", "--confirm", &Options::confirmation_share, 0, 0.9,
       "share of the experiments kept for confirmation"},
      {"seed", "--seed", &Options::seed, 0, 0, "fixes every random choice; drawn and recorded when unset"},
      {"template_folder", "--template", &Options::template_folder, 0, 0,
       "a folder with a template of your own, the name of a shipped one, or free: the model writes the experiment"},
      {"data", "--data", &Options::data, 0, 0, "data of your own: a CSV file with a row of column names"},
      {"target", "--target", &Options::target, 0, 0, "the column of --data to predict"},
      {"literature", "--literature", &Options::literature, 0, 0,
       "your own references: files (BibTeX, JSON Lines) or folders, separated by ':'"},
      {"literature_store", "--literature-store", &Options::literature_store, 0, 0,
       "folder of your collection (aisci lit); none for no collection, empty for the one in your home"},
      {"format", "--format", &Options::format, 0, 0,
       "layout of the paper: article (of any length), workshop (4 pages of body) or conference (8 pages)"},
      {"responsible", "--responsible", &Options::responsible, 0, 0, "person responsible for the paper, printed in it"},
      {"plugins", "--plugins", &Options::plugins, 0, 0, "folders with further plugins, separated by ':'"},
      {"isolation",
       "--isolation",
       &Options::isolation,
       0,
       0,
       "where plugins run: auto (third parties' in processes of their own), in-process or process",
       {"auto", "in-process", "process"}},
  };
  return table;
}

const Row* find_row(std::string_view name) {
  for (const auto& row : rows())
    if (name == row.name) return &row;
  return nullptr;
}

std::string environment_name(std::string_view name) {
  std::string out = "AISCI_";
  for (const char c : name) out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return out;
}

Status bad_value(const Row& row, std::string_view value, const std::string& expected) {
  return invalid_argument(std::string{row.name} + " = \"" + std::string{value} + "\": expected " + expected);
}

std::string range_of(const Row& row, const char* what) {
  std::string text =
      std::string{what} + " of at least " + fixed(row.lowest, row.lowest == std::floor(row.lowest) ? 0 : 2);
  if (row.highest < kMany) text += " and at most " + fixed(row.highest, row.highest == std::floor(row.highest) ? 0 : 2);
  return text;
}

struct Setter {
  Options& options;
  const Row& row;
  std::string_view text;

  Status operator()(std::string Options::*field) const {
    if (!row.choices.empty() && std::find(row.choices.begin(), row.choices.end(), text) == row.choices.end()) {
      return bad_value(row, text, join(std::vector<std::string>(row.choices.begin(), row.choices.end()), " or "));
    }
    options.*field = std::string{text};
    return {};
  }
  Status operator()(int Options::*field) const {
    const auto value = parsed_number(text);
    if (!value || *value != std::floor(*value) || *value < row.lowest || *value > row.highest)
      return bad_value(row, text, range_of(row, "a whole number"));
    options.*field = static_cast<int>(*value);
    return {};
  }
  Status operator()(double Options::*field) const {
    const auto value = parsed_number(text);
    if (!value || *value < row.lowest || *value > row.highest) return bad_value(row, text, range_of(row, "a number"));
    options.*field = *value;
    return {};
  }
  Status operator()(bool Options::*field) const {
    if (text != "true" && text != "false") return bad_value(row, text, "true or false");
    options.*field = text == "true";
    return {};
  }
  Status operator()(std::optional<std::uint64_t> Options::*field) const {
    if (text.empty()) {
      (options.*field).reset();
      return {};
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > (std::uint64_t{1} << 62)) {
      return bad_value(row, text, "a whole number from 0 to 2^62");
    }
    options.*field = value;
    return {};
  }
};

struct Getter {
  const Options& options;
  std::string operator()(std::string Options::*field) const { return options.*field; }
  std::string operator()(int Options::*field) const { return std::to_string(options.*field); }
  std::string operator()(double Options::*field) const {
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, options.*field).ptr;
    return {buffer, end};
  }
  std::string operator()(bool Options::*field) const { return options.*field ? "true" : "false"; }
  std::string operator()(std::optional<std::uint64_t> Options::*field) const {
    return options.*field ? std::to_string(*(options.*field)) : std::string{};
  }
};

// ["a", 2] as the text that means the same: "a,2"; folders and files are separated by ':'.
std::optional<std::string> text_of_list(std::string_view name, const toml::array& list) {
  std::vector<std::string> parts;
  for (const auto& node : list) {
    if (const auto* s = node.as_string())
      parts.push_back(s->get());
    else if (const auto* i = node.as_integer())
      parts.push_back(std::to_string(i->get()));
    else
      return std::nullopt;
  }
  return join(parts, name == "literature" || name == "plugins" ? ":" : ",");
}

Status apply_toml(const std::string& text, const std::string& name, LoadedOptions& loaded) {
  toml::table table;
  try {
    table = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return invalid_argument(name + ", line " + std::to_string(error.source().begin.line) + ": " +
                            std::string{error.description()});
  }
  for (const auto& [key, node] : table) {
    std::string value;
    if (const auto* s = node.as_string())
      value = s->get();
    else if (const auto* i = node.as_integer())
      value = std::to_string(i->get());
    else if (const auto* b = node.as_boolean())
      value = b->get() ? "true" : "false";
    else if (const auto* d = node.as_floating_point()) {
      char buffer[32];
      value.assign(buffer, std::to_chars(buffer, buffer + sizeof buffer, d->get()).ptr);
    } else if (const auto list = node.is_array() ? text_of_list(key.str(), *node.as_array()) : std::nullopt)
      value = *list;
    else
      return invalid_argument(name + ": " + std::string{key.str()} +
                              ": a text, number, true/false or list of texts was expected");
    if (const Status status = set_option(loaded.options, key.str(), value); !status.ok())
      return status.with_context(name);
    loaded.origin[std::string{key.str()}] = name;
  }
  return {};
}

Status read_toml(const std::filesystem::path& path, LoadedOptions& loaded) {
  AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(path, 1 << 20));
  return apply_toml(text, path.string(), loaded);
}

LoadedOptions defaults() {
  LoadedOptions loaded;
  for (const auto& row : rows()) loaded.origin[row.name] = "default";
  return loaded;
}

std::filesystem::path user_config() {
  if (const char* home = std::getenv("XDG_CONFIG_HOME"); home && *home)
    return std::filesystem::path{home} / "aisci/config.toml";
  if (const char* home = std::getenv("HOME"); home && *home)
    return std::filesystem::path{home} / ".config/aisci/config.toml";
  return {};
}

constexpr const char* kProjectFile = "aisci.toml";

// Whether the working directory is the folder of a study, or below one.
bool lies_in_a_study() {
  std::error_code error;
  for (auto folder = std::filesystem::current_path(error);; folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / "study.db", error)) return true;
    if (folder == folder.parent_path()) return false;
  }
}

// Defaults, then files, of which a later one wins, then the environment, then flags.
Result<LoadedOptions> gather(const std::vector<std::filesystem::path>& files,
                             const std::map<std::string, std::string>& flags, bool required = false) {
  LoadedOptions loaded = defaults();
  AISCI_RETURN_IF_ERROR(check_environment());
  for (const auto& path : files) {
    std::error_code error;
    if (required || (!path.empty() && std::filesystem::exists(path, error)))
      AISCI_RETURN_IF_ERROR(read_toml(path, loaded));
  }
  for (const auto& row : rows()) {
    const std::string variable = environment_name(row.name);
    if (const char* value = std::getenv(variable.c_str())) {
      if (const Status status = set_option(loaded.options, row.name, value); !status.ok())
        return status.with_context(variable);
      loaded.origin[row.name] = "environment";
    }
  }
  for (const auto& [name, value] : flags) {
    AISCI_RETURN_IF_ERROR(set_option(loaded.options, name, value));
    loaded.origin[name] = "flag";
  }
  return loaded;
}

// Whoever works in an unpacked folder has not read its ./aisci.toml. `own`: what holds without that file.
Status check_project_file(const LoadedOptions& loaded, const LoadedOptions& own) {
  std::vector<std::string> refused;
  for (const auto& name : own_options()) {
    const std::string value = get_option(loaded.options, name);
    if (loaded.origin.at(name) != kProjectFile || value == get_option(own.options, name)) continue;
    if (own.origin.at(name) != "default" || !is_harmless(name, value)) refused.push_back(name);
  }
  if (refused.empty()) return {};
  return failed_precondition(
      "./aisci.toml sets " + as_text(loaded.options, refused) + ". Such options " + kOwnOptionsChoose +
      ", and do not count from a file that lies in the working folder, which may be a "
      "stranger's. If they are yours, give them as flags (" +
      trim(as_flags(loaded.options, refused)) + "), or read the whole file with --config ./aisci.toml");
}

}  // namespace

const std::vector<OptionInfo>& option_table() {
  static const std::vector<OptionInfo> table = [] {
    std::vector<OptionInfo> list;
    const Options defaults;
    for (const auto& row : rows())
      list.push_back({row.name, row.flag, environment_name(row.name), row.help, get_option(defaults, row.name)});
    return list;
  }();
  return table;
}

Status set_option(Options& options, std::string_view name, std::string_view value) {
  const Row* row = find_row(name);
  if (!row) {
    std::vector<std::string> names;
    for (const auto& known : rows()) names.emplace_back(known.name);
    const std::string hint = nearest(name, names);
    return invalid_argument("unknown option \"" + std::string{name} + "\"" +
                            (hint.empty() ? "" : "; did you mean " + hint + "?"));
  }
  return std::visit(Setter{options, *row, value}, row->field);
}

std::string get_option(const Options& options, std::string_view name) {
  const Row* row = find_row(name);
  return row ? std::visit(Getter{options}, row->field) : std::string{};
}

Status check_options(const Options& options) {
  for (const auto& row : rows()) {
    Options copy;
    AISCI_RETURN_IF_ERROR(set_option(copy, row.name, get_option(options, row.name)));
  }
  if (options.initial_hypotheses_kept > options.initial_hypotheses) {
    return invalid_argument("initial_hypotheses_kept is " + std::to_string(options.initial_hypotheses_kept) +
                            ", more than the " + std::to_string(options.initial_hypotheses) + " initial_hypotheses");
  }
  if (options.template_folder == kFreeTemplate && options.llm_provider == "offline")
    return invalid_argument(
        "template = \"free\" has a model write the experiment, and offline, which answers by rules, writes none: "
        "choose one with --llm openai or --llm anthropic (docs/guide/models.md)");
  AISCI_RETURN_IF_ERROR(check_gpu_ids(options.gpu_ids));
  if (options.data.empty() && !options.target.empty())
    return invalid_argument("target = \"" + options.target + "\" names a column, and data names no file that has it");
  return {};
}

Result<LoadedOptions> load_options(const std::map<std::string, std::string>& flags, const std::string& config_file) {
  std::error_code error;
  if (!config_file.empty() || !std::filesystem::exists(kProjectFile, error))
    return load_own_options(flags, config_file);
  if (lies_in_a_study())
    return failed_precondition(
        "aisci.toml lies in the folder of a study, and may have come with it: go to a folder of your own, or read it "
        "with --config aisci.toml");
  AISCI_ASSIGN_OR_RETURN(LoadedOptions loaded, gather({user_config(), kProjectFile}, flags));
  AISCI_ASSIGN_OR_RETURN(const LoadedOptions own, gather({user_config()}, flags));
  AISCI_RETURN_IF_ERROR(check_project_file(loaded, own));
  AISCI_RETURN_IF_ERROR(check_options(loaded.options));
  return loaded;
}

Result<LoadedOptions> load_own_options(const std::map<std::string, std::string>& flags,
                                       const std::string& config_file) {
  AISCI_ASSIGN_OR_RETURN(
      LoadedOptions loaded,
      gather({config_file.empty() ? user_config() : std::filesystem::path{config_file}}, flags, !config_file.empty()));
  AISCI_RETURN_IF_ERROR(check_options(loaded.options));
  return loaded;
}

Result<LoadedOptions> read_options(const std::string& toml, const std::string& name) {
  LoadedOptions loaded = defaults();
  AISCI_RETURN_IF_ERROR(apply_toml(toml, name, loaded));
  AISCI_RETURN_IF_ERROR(check_options(loaded.options));
  return loaded;
}

std::string to_toml(const Options& options) {
  toml::table table;
  for (const auto& row : rows()) {
    const std::string text = get_option(options, row.name);
    if (std::holds_alternative<std::string Options::*>(row.field))
      table.insert(row.name, text);
    else if (std::holds_alternative<bool Options::*>(row.field))
      table.insert(row.name, text == "true");
    else if (std::holds_alternative<double Options::*>(row.field))
      table.insert(row.name, *parsed_number(text));
    else if (!text.empty())
      table.insert(row.name, static_cast<std::int64_t>(std::strtoll(text.c_str(), nullptr, 10)));
  }
  std::string out;
  for (const auto& row : rows()) {  // one line each, in the table's order
    if (const auto* node = table.get(row.name)) {
      std::ostringstream line;
      line << toml::table{{row.name, *node}};
      out += line.str() + "\n";
    }
  }
  return out;
}

}  // namespace aisci
