// Options: everything a user may decide about a study, with its default.
//
// One table of names serves C++, configuration files, environment variables and flags:
// `max_experiments` here is `max_experiments = 20` in aisci.toml, AISCI_MAX_EXPERIMENTS in the
// environment and --max-experiments on the command line. option_table() is that table.
//
//   aisci::Options options;
//   options.max_experiments = 8;
//   options.seed = 7;
//   aisci::Status status = aisci::set_option(options, "policy", "ucb1");   // by name, from text
//
// Precedence when read with load_options(): flags, then AISCI_* variables, then ./aisci.toml,
// then the user's config ($XDG_CONFIG_HOME/aisci/config.toml), then the defaults below. An
// unknown name is an error that says the nearest known one; so is a variable that is nearly an option's, while
// other AISCI_* variables, which programs around aisci have, are left alone. load_own_options() leaves ./aisci.toml
// out.
//
// Options that choose what code runs, where keys go or whose papers are read are the user's own: llm_base_url, sandbox,
// require_layers, literature, literature_store, plugins and isolation. They count from flags, variables, the user's
// config and a file that is named with --config; not from ./aisci.toml, and not from a study that somebody else began
// (Scientist::resume).
//
// Thread safety: values.
// Since 0.1.
#pragma once

#include <aisci/export.hpp>
#include <aisci/status.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aisci {

// What template_folder says when the experiment is to be written for the study.
inline constexpr const char* kFreeTemplate = "free";

struct Options {
  // Who answers model tasks. `offline` is the embedded expert system; it needs no key and no network.
  std::string llm_provider = "offline";
  std::string model;                 // as the provider names it; empty: the provider's default
  std::string llm_base_url;          // of the provider's server; empty: its environment variable, or its maker's server
  double llm_timeout_seconds = 600;  // longest silence of a model's server
  int llm_max_output_tokens = 0;     // of one answer; 0: what the provider allows
  std::string llm_price;  // "2.5,10": US dollars per million tokens in and out; empty: what the provider knows

  // Hard caps on what models may cost; 0: none. A study that reaches one ends its search, and what is left to do is
  // done by the rules of `offline`.
  int budget_tokens = 0;
  double budget_usd = 0;

  // Limits of the search; the one reached first ends it and is named in the result.
  int max_iterations = 50;   // expansions of the tree
  int max_experiments = 20;  // node evaluations started: new, improved, debugged or replicated
  double budget_hours = 0;   // wall time of the search; 0: no limit

  // The tree.
  bool enable_tree_search = true;     // false: every hypothesis is tested once, in order
  int tree_search_depth = 3;          // longest path below the question
  int tree_search_width = 5;          // children a node may have
  int initial_hypotheses = 5;         // proposed first
  int initial_hypotheses_kept = 3;    // of those, kept for exploration
  double exploration_weight = 1.414;  // of ucb1, uct and puct
  double pruning_threshold = 0.1;     // a node worth less is not expanded
  std::string policy = "adaptive";    // random, ucb1, uct, puct, greedy, thompson, adaptive

  // What a node is worth: a component of kind value_function, and weights for its parts, e.g.
  // "novelty=0.5,significance=0.5"; empty: the function's own.
  std::string value_function = "novelty_significance_feasibility";
  std::string value_weights;

  // Experiments.
  int blocks = 5;                // a node's blocks in the search; at least 5
  int max_retries = 3;           // attempts after a failed one, of each experiment (docs/guide/sandboxes.md)
  int parallel_experiments = 0;  // experiments at once; 0: min(4, processors)
  // GPUs for the experiments that can use one: `auto` gives each of them a GPU of `gpu_ids` to itself, and waits for
  // one; `none`: they run on processors (docs/guide/sandboxes.md, GPUs).
  std::string gpu_allocation = "auto";
  // all (or auto), none, or indices or UUIDs as `nvidia-smi -L` prints them, separated by ','; one that is named twice
  // is shared by two experiments. `all` without a GPU: processors.
  std::string gpu_ids = "all";
  std::string order = "ticket";        // in which their outcomes count: as asked for, or `arrival`: as they end
  std::string sandbox = "bubblewrap";  // `process` has no isolation and must be asked for by name
  std::string require_layers;          // layers of isolation without which no study starts, e.g. "memory,processes"

  // Confirmation: share of the experiments that is kept for it, beside at least one claim.
  double confirmation_share = 0.2;

  // Fixes every random choice; unset: drawn and recorded.
  std::optional<std::uint64_t> seed;

  // A folder with a template of the user's own, the name of a shipped one, or `free`: the model writes the experiment
  // (docs/guide/models.md). Empty: the question decides, and a model may write one where no template answers it.
  std::string template_folder;
  // Data of the user's own (a CSV file, or a folder where a template takes one), and the column to predict.
  std::string data;
  std::string target;

  // The user's own references: files (BibTeX or JSON Lines), folders of such files, and collections that
  // add_literature() made (literature.hpp), separated by ':'.
  std::string literature;
  // Folder of the collection that every study searches. Empty: default_literature_store(), where there is one; `none`:
  // no collection.
  std::string literature_store;
  // Layout of the paper: article (of any length), workshop (4 pages of body) or conference (8 pages, two columns).
  std::string format = "article";
  // Printed as the person responsible for a machine-written paper; empty: the paper says none was named.
  std::string responsible;
  // Folders with further plugins, separated by ':'. Shipped plugins are always found.
  std::string plugins;
  // Where plugins run: `auto`, `in-process` or `process` (registry.hpp, Isolation).
  std::string isolation = "auto";
};

// One row of the table of names.
struct OptionInfo {
  std::string name;          // "max_experiments"
  std::string flag;          // "--max-experiments"
  std::string environment;   // "AISCI_MAX_EXPERIMENTS"
  std::string help;          // one sentence
  std::string default_text;  // "20"
};

// Every option, in the order of the struct.
AISCI_API const std::vector<OptionInfo>& option_table();

// Sets one option from text. INVALID_ARGUMENT: unknown name (with the nearest known one), or a value
// that does not fit (with what would).
AISCI_API Status set_option(Options& options, std::string_view name, std::string_view value);
// The value of one option as text; "" for an unset seed or an unknown name.
AISCI_API std::string get_option(const Options& options, std::string_view name);
// Checks the options against each other and their ranges.
AISCI_API Status check_options(const Options& options);

// Options with the place each came from.
struct LoadedOptions {
  Options options;
  std::map<std::string, std::string> origin;  // option name -> "flag", "environment", a file's path, "default"
};

// Reads configuration as described above. `config_file`: read instead of ./aisci.toml and the user's
// config (must exist); `flags`: name to text, already taken from a command line. FAILED_PRECONDITION for an
// ./aisci.toml in the folder of a study, as it may have come with the study, and for one that sets an option of the
// user's own to what it is not without: named, with the flags that set it.
AISCI_API Result<LoadedOptions> load_options(const std::map<std::string, std::string>& flags,
                                             const std::string& config_file = {});
// The same without ./aisci.toml: for reading a study that may be a stranger's, whose files must not choose what runs.
AISCI_API Result<LoadedOptions> load_own_options(const std::map<std::string, std::string>& flags,
                                                 const std::string& config_file = {});

// Options from the text of one TOML file, and nothing else; `name` is what errors call it.
AISCI_API Result<LoadedOptions> read_options(const std::string& toml, const std::string& name);

// The options as TOML; reading it back gives the same options.
AISCI_API std::string to_toml(const Options& options);

}  // namespace aisci
