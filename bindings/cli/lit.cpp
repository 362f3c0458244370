// aisci lit: the user's own papers.

#include <CLI/CLI.hpp>
#include <aisci/literature.hpp>

#include <algorithm>
#include <cstdio>

#include "cli.hpp"

namespace aisci::cli {
namespace {

constexpr std::size_t kMostTold = 1000;

struct LitArguments {
  std::vector<std::string> paths;
  std::string store;
  std::string words;
  int count = 10;
};

std::string authors_of(const PaperRecord& paper) {
  if (paper.authors.empty()) return "no author named";
  if (paper.authors.size() > 3) return paper.authors[0] + " et al.";
  std::string text;
  for (std::size_t i = 0; i < paper.authors.size(); ++i)
    text += (i == 0 ? "" : i + 1 == paper.authors.size() ? " and " : ", ") + paper.authors[i];
  return text;
}

void print(const PaperRecord& paper, bool json) {
  if (json) {
    say_json(paper.json + "\n");
    return;
  }
  std::string place = paper.venue;
  if (!paper.doi.empty())
    place += (place.empty() ? "" : ", ") + ("doi:" + paper.doi);
  else if (!paper.arxiv.empty())
    place += (place.empty() ? "" : ", ") + ("arXiv:" + paper.arxiv);
  say(stdout, "%s\n    %s\n    %s, %s\n", paper.key.c_str(), paper.title.c_str(), authors_of(paper).c_str(),
      paper.year ? std::to_string(paper.year).c_str() : "no year");
  if (!place.empty()) say(stdout, "    %s\n", place.c_str());
  if (paper.statements.empty())
    say(stdout, "    no abstract: supports no claim\n");
  else
    say(stdout, "    %zu statement%s to cite\n", paper.statements.size(), paper.statements.size() == 1 ? "" : "s");
}

int add(const LitArguments& arguments) {
  int code = kDone;
  for (const auto& path : arguments.paths) {
    const auto added = add_literature(path, arguments.store);
    if (!added.ok()) {  // the other files are added all the same
      const int failed = fail(added.status());
      if (code == kDone) code = failed;
      continue;
    }
    const std::size_t told = std::min<std::size_t>(added->problems.size(), kMostTold);
    for (std::size_t i = 0; i < told; ++i) say(stderr, "aisci: %s\n", added->problems[i].c_str());
    if (told < added->problems.size()) say(stderr, "aisci: and %zu more of them\n", added->problems.size() - told);
    for (const auto& line : added->notes) say(stderr, "aisci: %s\n", line.c_str());
    say(stdout, "%s: %d new, %d completed, %d known, %zu not added; collection: %s\n", path.c_str(), added->added,
        added->merged, added->unchanged, added->problems.size(), added->store.c_str());
    if (!added->problems.empty() && code == kDone) code = kFailed;
  }
  return code;
}

int list(const LitArguments& arguments, bool json) {
  const auto papers = list_literature(arguments.store);
  if (!papers.ok()) {
    const int code = fail(papers.status());
    if (papers.status().code() == StatusCode::kNotFound) say(stderr, "aisci: make one with  aisci lit add FILE.bib\n");
    return code;
  }
  for (const auto& paper : *papers) print(paper, json);
  return kDone;
}

int search(const LitArguments& arguments, const RunArguments& run) {
  const auto loaded = load_options(run.flags, run.config);
  if (!loaded.ok()) {
    fail(loaded.status());
    return kUsage;
  }
  const auto papers = search_literature(arguments.words, arguments.count, loaded->options);
  if (!papers.ok()) return fail(papers.status());
  for (const auto& paper : *papers) print(paper, run.json);
  if (papers->empty()) say(stderr, "aisci: no paper has any of these words\n");
  return kDone;
}

}  // namespace

void add_lit_commands(CLI::App& app, RunArguments& arguments, int& code) {
  static LitArguments lit;  // the parser writes into it until the program ends
  auto* command = app.add_subcommand("lit", "your own papers, which studies search and cite");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n"
      "  aisci lit add thesis.bib papers.jsonl\n"
      "  aisci lit list\n"
      "  aisci lit search \"dropout on small data\"    as a study finds them: yours and those that ship with aisci");

  auto* adds = command->add_subcommand("add", "add references to your collection; papers that are there are completed");
  adds->add_option("file", lit.paths, "BibTeX (.bib), JSON Lines (.jsonl), or a folder of such files")->required();
  adds->add_option("--store", lit.store, "folder of the collection [" + default_literature_store().string() + "]")
      ->type_name("FOLDER");
  adds->footer(
      "Exit code 1: some entries could not be read. They are named with file and line; all others were added, and the\n"
      "corrected file can be added again.");
  adds->callback([&code] { code = add(lit); });

  auto* lists = command->add_subcommand("list", "the papers of your collection");
  lists->add_option("--store", lit.store, "folder of the collection [" + default_literature_store().string() + "]")
      ->type_name("FOLDER");
  lists->add_flag("--json", arguments.json, "one record a line, as JSON");
  lists->callback([&arguments, &code] { code = list(lit, arguments.json); });

  auto* searches =
      command->add_subcommand("search", "papers as a study finds them: yours and those that ship with aisci");
  searches->add_option("words", lit.words, "what to look for")->required();
  searches->add_option("-k,--count", lit.count, "papers at most [10]")->type_name("N")->check(CLI::PositiveNumber);
  searches
      ->add_option_function<std::string>(
          "--store", [&arguments](const std::string& folder) { arguments.flags["literature_store"] = folder; },
          "the same as --literature-store")
      ->type_name("FOLDER");
  searches->add_flag("--json", arguments.json, "one record a line, as JSON");
  add_option_flags(*searches, arguments, {"literature", "literature_store", "plugins", "isolation"});
  searches->callback([&arguments, &code] { code = search(lit, arguments); });
}

}  // namespace aisci::cli
