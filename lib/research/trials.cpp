#include "research/trials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "research/scoring.hpp"

namespace aisci {
namespace {

constexpr std::uintmax_t kTrialLimit = 64u << 20;
// What a claim may be off by when it was printed with few digits.
constexpr double kRounding = 1e-4;

Status check_numbers(const json::object& metrics, const std::string& place) {
  for (const auto& entry : metrics) {
    if (!std::isfinite(as_number(entry.value()))) {
      return invalid_argument(place + ": metric " + std::string{entry.key()} + " is not a finite number");
    }
  }
  return {};
}

// A code of its own, which reading and parsing never give.
Status tampered(std::string message) { return {StatusCode::kFailedPrecondition, std::move(message)}; }

bool same_config(const json::object& reported, const json::object& planned) {
  for (const auto& entry : planned) {
    const auto& found = member(reported, entry.key());
    const bool numbers = entry.value().is_number() && found.is_number();
    if (numbers ? as_number(found) != as_number(entry.value()) : canonical(found) != canonical(entry.value()))
      return false;
  }
  return true;
}

}  // namespace

std::vector<Trial> make_trials(const Plan& plan, const std::vector<std::uint64_t>& seeds, int first) {
  std::vector<Trial> trials;
  for (std::size_t block = 0; block < seeds.size(); ++block)
    for (const auto& arm : plan.arms)
      trials.push_back({fmt::format("t{:03}", first + static_cast<int>(trials.size())), arm.id, seeds[block],
                        static_cast<int>(block)});
  return trials;
}

std::vector<std::uint64_t> block_seeds(std::uint64_t study_seed, std::string_view purpose, int blocks) {
  std::vector<std::uint64_t> seeds;
  std::set<std::uint64_t> used;
  for (int i = 0; static_cast<int>(seeds.size()) < blocks; ++i) {
    // 31 bits: what every numerical library takes as a seed.
    const std::uint64_t seed = seed_of(fmt::format("{}/block/{}", purpose, i), study_seed) & 0x7fffffff;
    if (used.insert(seed).second) seeds.push_back(seed);
  }
  return seeds;
}

bool is_trial_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

bool is_tampered(const Status& status) { return status.code() == StatusCode::kFailedPrecondition; }

Result<TrialRecord> read_trial(const std::filesystem::path& file, const Trial& trial, const Plan& plan,
                               std::string_view split) {
  std::error_code error;
  if (std::filesystem::is_symlink(file, error) || std::filesystem::is_symlink(file.parent_path(), error))
    return tampered(file.string() + ": a link, which leads elsewhere");
  AISCI_ASSIGN_OR_RETURN(std::string text, read_file(file, kTrialLimit));
  AISCI_ASSIGN_OR_RETURN(json::object document, parse_json_object(text, file.string()));
  const std::string place = file.string();
  if (text_of(document, "trial") != trial.id || text_of(document, "arm") != trial.arm) {
    return tampered(place + ": it is the result of trial " + text_of(document, "trial") + ", arm " +
                    text_of(document, "arm"));
  }
  if (integer_of(document, "seed", -1) != static_cast<std::int64_t>(trial.seed))
    return tampered(place + ": the seed was not honoured");
  const Arm* arm = plan.arm(trial.arm);
  if (!arm || !same_config(object_of(document, "config"), arm->config))
    return tampered(place + ": the configuration is not the arm's");
  AISCI_RETURN_IF_ERROR(check_numbers(object_of(document, "metrics"), place));
  if (const auto& predictions = object_of(document, "predictions");
      !predictions.empty() && text_of(predictions, "split") != split) {
    return invalid_argument(place + ": predictions are for the split " + text_of(predictions, "split") + ", expected " +
                            std::string{split});
  }
  return TrialRecord{std::move(document), std::move(text)};
}

Scoring read_scoring(const json::object& metric, const std::string& name) {
  Scoring scoring;
  scoring.by_host = text_of(metric, "scored_by") == "host";
  scoring.rule = text_of(metric, "scoring", name);
  if (member(metric, "chance").is_number()) scoring.guess = number_of(metric, "chance");
  return scoring;
}

Result<double> score_trial(const json::object& trial, const Plan& plan, const Scoring& scoring,
                           const std::vector<double>& labels) {
  const std::string place = "trial " + text_of(trial, "trial");
  if (flag_of(trial, "diverged")) {
    if (scoring.guess) return *scoring.guess;
    return invalid_argument(place + ": it diverged, and the template does not say what guessing scores in " +
                            plan.metric);
  }
  const auto& claimed = member(object_of(trial, "metrics"), plan.metric);
  if (!scoring.by_host) {
    const double value = as_number(claimed);
    if (!std::isfinite(value)) return invalid_argument(place + ": the metric " + plan.metric + " is missing");
    return value;
  }
  const auto& predictions = object_of(trial, "predictions");
  if (claimed.is_number() && predictions.empty())
    return tampered(place + ": it claims " + plan.metric + " " + canonical(claimed) + " and predicts nothing");
  AISCI_ASSIGN_OR_RETURN(const double score, score_predictions(scoring.rule, predictions, labels, place));
  if (claimed.is_number() && std::abs(as_number(claimed) - score) > kRounding * std::max(1.0, std::abs(score))) {
    return tampered(place + ": it claims " + plan.metric + " " + canonical(claimed) + ", and its predictions score " +
                    fmt::format("{:.4f}", score));
  }
  return score;
}

std::optional<double> reported_parameters(const json::object& trial) {
  const json::value& count = member(object_of(trial, "metrics"), "parameters");
  const double number = count.is_number() ? as_number(count) : -1;
  constexpr double kMost = 9007199254740992;  // beyond it a double no longer holds every whole number
  return number >= 0 && number <= kMost && number == std::floor(number) ? std::optional{number} : std::nullopt;
}

std::optional<double> reported_training_accuracy(const json::object& trial) {
  const json::value& share = member(object_of(trial, "metrics"), "train_accuracy");
  const double number = share.is_number() ? as_number(share) : -1;
  return number >= 0 && number <= 1 ? std::optional{number} : std::nullopt;
}

std::optional<double> last_training_loss(const json::object& trial) {
  const auto& points = array_of(object_of(trial, "curves"), "train_loss");
  if (flag_of(trial, "diverged") || points.empty() || !points.back().is_array() ||
      points.back().get_array().size() != 2)
    return {};
  const double loss = as_number(points.back().get_array()[1]);
  return std::isfinite(loss) ? std::optional{loss} : std::nullopt;
}

std::string environment_of(const json::object& trial) {
  const auto plain = [](std::string_view text) {
    constexpr std::size_t kLongest = 40;
    return !text.empty() && text.size() <= kLongest && std::all_of(text.begin(), text.end(), [](unsigned char c) {
      return std::isalnum(c) || c == '.' || c == '-' || c == '+' || c == '_';
    });
  };
  constexpr std::size_t kMost = 8;
  const std::set<std::string> kPlace{"device", "machine"};
  std::vector<std::string> versions, place;
  for (const auto& entry : object_of(trial, "environment")) {
    const std::string name{entry.key()};
    const auto* value = entry.value().if_string();
    if (!value || !plain(name) || !plain({value->data(), value->size()})) continue;
    auto& told = kPlace.count(name) ? place : versions;
    if (told.size() < kMost) told.push_back(name + " " + value->c_str());
  }
  std::sort(versions.begin(), versions.end(), [](const std::string& one, const std::string& other) {
    const bool first = one.rfind("python ", 0) == 0, second = other.rfind("python ", 0) == 0;
    return first != second ? first : one < other;
  });
  std::sort(place.begin(), place.end());
  return join(versions, ", ") + (versions.empty() || place.empty() ? "" : "; ") + join(place, ", ");
}

namespace {

// From so many different numbers on, two seeds do not agree on all of them by chance.
constexpr std::size_t kTooManyToAgree = 8;

void collect_numbers(const json::value& value, bool fractions_alone, std::set<double>& numbers) {
  if (const auto* object = value.if_object())
    for (const auto& entry : *object) collect_numbers(entry.value(), fractions_alone, numbers);
  if (const auto* array = value.if_array())
    for (const auto& item : *array) collect_numbers(item, fractions_alone, numbers);
  if (!value.is_number()) return;
  if (const double number = as_number(value); !fractions_alone || number != std::floor(number)) numbers.insert(number);
}

// Whether a trial wrote too much for another seed to have given the same. Classes do not tell: rows that are all easy,
// or of which few differ, get the same ones under many seeds.
bool tells_seeds_apart(const json::object& trial) {
  std::set<double> numbers;
  collect_numbers(member(trial, "predictions"), true, numbers);
  for (const auto& curve : object_of(trial, "curves"))
    if (const auto* points = curve.value().if_array())
      for (const auto& point : *points)
        if (point.is_array() && point.get_array().size() == 2)  // the first one is its step
          collect_numbers(point.get_array()[1], false, numbers);
  return numbers.size() >= kTooManyToAgree;
}

// Whether a trial hands in its metrics and nothing else.
bool is_bare(const json::object& trial) {
  return object_of(trial, "predictions").empty() && object_of(trial, "curves").empty();
}

// What should not be the same under two seeds.
std::string output_of(const json::object& trial) {
  const auto &predictions = member(trial, "predictions"), &curves = member(trial, "curves");
  return sha256(canonical(predictions) + canonical(curves) +
                (is_bare(trial) ? canonical(member(trial, "metrics")) : ""));
}

}  // namespace

std::vector<std::string> suspicious(const std::vector<Trial>& trials, const std::vector<json::object>& documents) {
  std::vector<std::string> certain, possible;
  std::vector<std::pair<std::string, std::string>> of_metrics;     // arm, fault: trials that hand in nothing else
  std::map<std::string, std::map<std::string, std::string>> seen;  // arm, output, the first trial that gave it
  for (std::size_t i = 0; i < trials.size() && i < documents.size(); ++i) {
    if (flag_of(documents[i], "diverged")) continue;
    const auto [it, fresh] = seen[trials[i].arm].emplace(output_of(documents[i]), trials[i].id);
    if (fresh) continue;
    std::string fault = "trials " + it->second + " and " + trials[i].id + " (arm " + trials[i].arm +
                        ") have different seeds and identical output";
    if (is_bare(documents[i]))
      of_metrics.emplace_back(trials[i].arm, std::move(fault));
    else
      (tells_seeds_apart(documents[i]) ? certain : possible).push_back(std::move(fault));
  }
  for (auto& [arm, fault] : of_metrics)
    if (seen[arm].size() == 1) certain.push_back(std::move(fault));
  const bool a_seed_matters =
      std::any_of(seen.begin(), seen.end(), [](const auto& arm) { return arm.second.size() > 1; });
  if (!a_seed_matters) certain.insert(certain.end(), possible.begin(), possible.end());
  return certain;
}

}  // namespace aisci
