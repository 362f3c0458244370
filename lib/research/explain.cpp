// From a number in the paper back to the raw files it was computed from.
#include "research/explain.hpp"

#include <aisci/inspect.hpp>
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "research/printed_numbers.hpp"
#include "research/provenance.hpp"
#include "research/rerun.hpp"
#include "research/study_facts.hpp"

namespace aisci {
namespace {

// What the paper prints: fact -> printed form -> where it stands.
using PrintedFacts = std::map<std::string, std::map<std::string, std::set<std::string>>>;

PrintedFacts printed_facts(const json::object& paper) {
  PrintedFacts out;
  visit_pieces(paper, [&](const json::object& piece, const std::string& place) {
    if (piece.contains("fact")) out[text_of(piece, "fact")][text_of(piece, "value")].insert(place);
  });
  return out;
}

std::string without_unit(const std::string& text) { return text.substr(0, text.find_first_not_of("-<.0123456789")); }

bool asks_exactly_for(const std::string& number, const std::string& fact, const std::string& printed) {
  return number == fact || number == plain_number(printed);
}

bool asks_for(const std::string& number, const std::string& fact, const std::string& printed) {
  return asks_exactly_for(number, fact, printed) ||
         (without_unit(number) == number && number == without_unit(plain_number(printed)));
}

struct Ranked {
  json::object match;
  bool exactly;
  std::size_t places;
};

// The facts that are printed so; those that it is likelier to be first: printed exactly so, then in more places.
std::vector<json::object> matching_facts(const std::string& number, const StudyView& study, const json::object& paper) {
  const Facts facts = study_facts(study);
  std::vector<Ranked> found;
  for (const auto& [name, texts] : printed_facts(paper)) {
    const auto fact = facts.find(name);
    if (fact == facts.end()) continue;
    std::set<std::string> places;
    std::string printed;
    bool exactly = false;
    for (const auto& [text, where] : texts) {
      if (!asks_for(number, name, text)) continue;
      if (printed.empty() || (!exactly && asks_exactly_for(number, name, text))) printed = text;
      exactly = exactly || asks_exactly_for(number, name, text);
      places.insert(where.begin(), where.end());
    }
    if (printed.empty()) continue;
    Provenance from = provenance_of(study, name, fact->second);
    json::object match{{"fact", name},
                       {"printed", printed},
                       {"places", json::array(places.begin(), places.end())},
                       {"how", std::move(from.how)},
                       {"blocks", std::move(from.blocks)}};
    if (fact->second.kind != FactKind::kText) match["value"] = fact->second.value;
    found.push_back({std::move(match), exactly, places.size()});
  }
  std::stable_sort(found.begin(), found.end(), [](const Ranked& a, const Ranked& b) {
    return std::pair{a.exactly, a.places} > std::pair{b.exactly, b.places};
  });
  std::vector<json::object> out;
  for (auto& one : found) out.push_back(std::move(one.match));
  return out;
}

}  // namespace

Result<json::array> explained(const std::string& number, const StudyView& study, const json::object& paper,
                              const std::filesystem::path& folder) {
  const std::string wanted = plain_number(number);
  json::array matches;
  for (auto& match : matching_facts(wanted, study, paper)) matches.push_back(std::move(match));
  if (wanted.find_first_of("0123456789") == std::string::npos) return matches;
  for (auto& match : numbers_in_texts(wanted, study, paper)) matches.push_back(std::move(match));
  if (!matches.empty()) return matches;
  return numbers_in_figures(wanted, paper, folder);
}

Result<std::string> explain_number(const std::filesystem::path& folder, const std::string& number,
                                   const std::string& plugins, std::shared_ptr<Registry> registry) {
  if (trim(number).empty())
    return invalid_argument("which number? Give it as the paper prints it: \"0.8\" or \"84.3%\"");
  AISCI_ASSIGN_OR_RETURN(const auto rerun, Rerun::of(folder, plugins, std::move(registry)));
  AISCI_RETURN_IF_ERROR(rerun->ended());
  AISCI_ASSIGN_OR_RETURN(json::array matches,
                         explained(number, rerun->flow().view(), rerun->flow().resolved_paper(), folder));
  if (matches.empty())
    return not_found("the paper prints no number \"" + number +
                     "\"; give it as it stands there, with or without its unit");
  return pretty(json::object{{"schema", "aisci/explain/1"},
                             {"number", number},
                             {"holds", rerun->findings().empty()},
                             {"matches", std::move(matches)}});
}

}  // namespace aisci
