// How good the node is that each policy publishes, on recorded and on synthetic landscapes.
//
//   search_bench [--landscapes FOLDER] [--only NAME,NAME] [--policies a,b] [--budgets 10,20,50,100] [--repetitions 400]
//                [--workers K] [--various N] [--features] [--screen N] [--no-synthetic] [--no-recorded] [--out FILE]
//
// --features tells the levels of a row; --screen offers N proposals a lease and tells them too. Prints the mean
// normalised regret of every cell; --out writes every single regret, one JSON object a line, for report.py. --various
// adds N random landscapes. The policy `drafts` is random drafts and nothing else.
#include <aisci/mcts/search.hpp>

#include "bench/search/synthetic.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace aisci::bench {
namespace {

struct Settings {
  std::string landscapes = AISCI_SOURCE_DIR "/tests/bench/search/landscapes";
  std::vector<std::string> only, policies{"drafts", "random", "ucb1", "uct", "puct", "greedy", "thompson", "adaptive"};
  std::vector<int> budgets{10, 20, 50, 100};
  int various = 0, repetitions = 400, workers = 1, screen = 1;
  bool synthetic = true, recorded = true, features = false;
  std::string out;
};

struct Played {
  double regret = 0,
         optimism = 0;  // optimism: the search's sober estimate of its node, above the mean of all seeds it could meet
  double found = 1;     // regret of the node in the tree that all of the first half of the seeds would choose
  double depth = 0;
  std::uint32_t nodes = 0, replicates = 0;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::stringstream stream{text};
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

struct Job {
  mcts::Lease lease;
  std::uint32_t row;
};

// Features of a row: for each factor, which level it has.
std::vector<double> one_hot(const Landscape& landscape, std::uint32_t row) {
  std::vector<double> features;
  for (std::size_t f = 0; f < landscape.levels.size(); ++f)
    for (std::uint32_t level = 0; level < landscape.levels[f]; ++level)
      features.push_back(landscape.rows[row][f] == level ? 1.0 : 0.0);
  return features;
}

Result<mcts::Search> make_search(const std::string& policy, int budget, int repetition) {
  mcts::Options options;
  options.policy = policy == "drafts" ? "random" : policy;
  options.budget = static_cast<std::uint32_t>(budget);
  options.seed = static_cast<std::uint64_t>(repetition);
  if (policy == "drafts") {
    options.expand = false;
    options.drafts = options.budget;
  }
  return mcts::Search::create(options);
}

Played play(const Landscape& landscape, const std::string& policy, int budget, int repetition,
            const Settings& settings) {
  mcts::Search search = make_search(policy, budget, repetition).value();
  LandscapeWorld world{landscape, static_cast<std::uint64_t>(repetition)};
  Random order = Random{99}.fork(static_cast<std::uint64_t>(repetition));
  std::vector<std::uint32_t> rows;  // by node
  std::vector<Job> out;
  for (;;) {
    while (out.size() < static_cast<std::size_t>(settings.workers)) {
      const auto lease = search.ask();
      if (!lease) break;
      rows.resize(std::max<std::size_t>(rows.size(), lease->node + 1));
      std::uint32_t& row = rows[lease->node];
      if (lease->kind == mcts::Kind::kDraft || lease->kind == mcts::Kind::kImprove) {
        std::vector<std::uint32_t> proposals;
        std::vector<std::vector<double>> features;
        for (int k = 0; k < settings.screen; ++k) {
          proposals.push_back(lease->kind == mcts::Kind::kDraft ? world.draft() : world.improve(rows[lease->parent]));
          features.push_back(one_hot(landscape, proposals.back()));
        }
        row = proposals[settings.screen > 1 ? search.choose(*lease, features) : 0];
      } else if (lease->kind == mcts::Kind::kDebug)
        row = rows[lease->parent];
      out.push_back({*lease, row});
    }
    if (out.empty()) break;
    const std::size_t pick = order.below(out.size());
    const RowScore score = world.run(out[pick].row);
    search
        .tell(out[pick].lease,
              {.value = score.value,
               .cost = score.cost,
               .failed = score.failed,
               .features = settings.features ? one_hot(landscape, out[pick].row) : std::vector<double>{}})
        .value();
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(pick));
  }
  Played played;
  const auto best = search.published();
  if (!best) return {1.0};
  played.regret = landscape.regret(rows[best->node]);
  played.optimism = best->mean - best->optimism - landscape.first_mean[rows[best->node]];
  double highest = -1e300;
  for (std::uint32_t i = 1; i < search.nodes().size(); ++i)
    if (search.nodes()[i].own && landscape.first_mean[rows[i]] > highest) {
      highest = landscape.first_mean[rows[i]];
      played.found = landscape.regret(rows[i]);
    }
  played.nodes = static_cast<std::uint32_t>(search.nodes().size()) - 1;
  for (const auto& node : search.nodes()) played.depth += static_cast<double>(node.depth) / played.nodes;
  for (const auto& node : search.nodes()) played.replicates += node.own > 1 ? node.own - 1 : 0;
  return played;
}

std::vector<Landscape> load(const Settings& settings) {
  std::vector<Landscape> list;
  const auto wanted = [&](const std::string& name) {
    return settings.only.empty() || std::find(settings.only.begin(), settings.only.end(), name) != settings.only.end();
  };
  std::vector<std::string> files;
  if (settings.recorded)
    for (const auto& entry : std::filesystem::directory_iterator{settings.landscapes})
      if (entry.path().extension() == ".json" && wanted(entry.path().stem())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) list.push_back(read_landscape(file).value());
  if (settings.synthetic)
    for (const auto& name : synthetic_names())
      if (wanted(name)) list.push_back(synthetic(name, 0));
  for (int i = 0; i < settings.various; ++i) list.push_back(synthetic("various", static_cast<std::uint64_t>(i)));
  return list;
}

void print_cell(const Landscape& landscape, int budget, const Settings& settings, std::FILE* out) {
  std::printf("%-18s %4d ", landscape.name.c_str(), budget);
  for (const auto& policy : settings.policies) {
    double regret = 0, found = 0, optimism = 0, depth = 0, nodes = 0, replicates = 0;
    if (out)
      std::fprintf(out, "{\"landscape\":\"%s\",\"budget\":%d,\"policy\":\"%s\",\"regrets\":[", landscape.name.c_str(),
                   budget, policy.c_str());
    for (int r = 0; r < settings.repetitions; ++r) {
      const Played played = play(landscape, policy, budget, r, settings);
      regret += played.regret / settings.repetitions;
      optimism += played.optimism / settings.repetitions;
      found += played.found / settings.repetitions;
      depth += played.depth / settings.repetitions;
      nodes += static_cast<double>(played.nodes) / settings.repetitions;
      replicates += static_cast<double>(played.replicates) / settings.repetitions;
      if (out) std::fprintf(out, "%s%.5f", r ? "," : "", played.regret);
    }
    if (out)
      std::fprintf(
          out, "],\"found\":%.5f,\"optimism\":%.6f,\"noise\":%.6f,\"depth\":%.4f,\"nodes\":%.3f,\"replicates\":%.3f}\n",
          found, optimism, landscape.noise(), depth, nodes, replicates);
    if (std::getenv("BENCH_WIDE"))
      std::printf(" | %6.3f found %6.3f opt %6.3f/%5.3f nodes %4.1f reps %4.1f depth %4.2f", regret, found, optimism,
                  landscape.noise(), nodes, replicates, depth);
    else
      std::printf(" %8.3f", regret);
  }
  std::printf("\n");
  std::fflush(stdout);
}

// A whole number from `least` to a million; false, said on the standard error, for any other word.
bool read_number(const std::string& option, const std::string& text, int least, int& number) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc{} && read.ptr == end && number >= least && number <= 1000000) return true;
  std::fprintf(stderr, "search_bench: %s %s: expected whole numbers of at least %d\n", option.c_str(), text.c_str(),
               least);
  return false;
}

bool read_numbers(const std::string& option, const std::string& text, std::vector<int>& numbers) {
  numbers.clear();
  for (const auto& part : split(text))
    if (!read_number(option, part, 1, numbers.emplace_back())) return false;
  return true;
}

bool known_policies(const std::vector<std::string>& policies) {
  for (const auto& policy : policies)
    if (const auto search = make_search(policy, 1, 0); !search.ok())
      return std::fprintf(stderr, "search_bench: %s\n", search.status().message().c_str()), false;
  return true;
}

// 0: run; otherwise an exit code.
int parse(int count, char** words, Settings& settings) {
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--no-synthetic") {
      settings.synthetic = false;
      continue;
    }
    if (word == "--no-recorded") {
      settings.recorded = false;
      continue;
    }
    if (word == "--features") {
      settings.features = true;
      continue;
    }
    if (i + 1 == count) return std::fprintf(stderr, "search_bench: %s needs a value, or is unknown\n", word.c_str()), 2;
    const std::string value = words[++i];
    bool fits = true;
    if (word == "--landscapes")
      settings.landscapes = value;
    else if (word == "--only")
      settings.only = split(value);
    else if (word == "--policies")
      fits = known_policies(settings.policies = split(value));
    else if (word == "--repetitions")
      fits = read_number(word, value, 1, settings.repetitions);
    else if (word == "--various")
      fits = read_number(word, value, 0, settings.various);
    else if (word == "--workers")
      fits = read_number(word, value, 1, settings.workers);
    else if (word == "--screen")
      fits = read_number(word, value, 1, settings.screen), settings.features = true;
    else if (word == "--out")
      settings.out = value;
    else if (word == "--budgets")
      fits = read_numbers(word, value, settings.budgets);
    else
      return std::fprintf(stderr, "search_bench: unknown option %s\n", word.c_str()), 2;
    if (!fits) return 2;
  }
  return 0;
}

}  // namespace
}  // namespace aisci::bench

int main(int count, char** words) {
  using namespace aisci::bench;
  Settings settings;
  if (const int code = parse(count, words, settings)) return code;
  std::FILE* out = settings.out.empty() ? nullptr : std::fopen(settings.out.c_str(), "w");
  std::printf("%-18s %4s ", "landscape", "n");
  for (const auto& policy : settings.policies) std::printf(" %8s", policy.c_str());
  std::printf("\n");
  for (const auto& landscape : load(settings))
    for (const int budget : settings.budgets) print_cell(landscape, budget, settings, out);
  if (out) std::fclose(out);
}
