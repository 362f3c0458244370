#include "research/paper_fit.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace aisci {
namespace {

constexpr int kStays = 1000;
constexpr double kFigure = 1500;   // characters that would stand in the place of a figure
constexpr double kRow = 95;        // of a table's row
constexpr double kParagraph = 45;  // the end of its last line, on average
const char* const kContinued = "The appendix continues this section.";

// Whether a text refers to a claim: "{{c1.contrast.mean}}", "{{verdict:c2}}", "{{arm:c1.gelu}}".
bool speaks_of_a_claim(const json::value& value) {
  if (const auto* text = value.if_string()) {
    const std::string_view view{text->data(), text->size()};
    for (auto at = view.find("{{"); at != std::string_view::npos; at = view.find("{{", at + 2)) {
      const auto begin = std::min(view.find_first_of(":.}", at), view.size());
      const auto target = view.substr(at + 2, begin - at - 2);
      const auto id = begin < view.size() && view[begin] == ':' ? view.substr(begin + 1) : target;
      if (id.size() > 1 && id[0] == 'c' && id[1] >= '0' && id[1] <= '9') return true;
    }
    return false;
  }
  if (const auto* array = value.if_array()) return std::any_of(array->begin(), array->end(), speaks_of_a_claim);
  return false;
}

double size_of(const json::object& block) {
  const std::string type = text_of(block, "type");
  if (type == "figure") return kFigure;
  if (type == "table")
    return kRow * static_cast<double>(array_of(block, "rows").size() + 2) +
           static_cast<double>(text_of(block, "caption").size());
  double size = kParagraph + static_cast<double>(text_of(block, "text").size());
  for (const auto& item : array_of(block, "items"))
    if (item.is_string()) size += kParagraph + static_cast<double>(item.get_string().size());
  return size;
}

// Whether a block goes on with the text before it: a formula, or a list after a colon.
bool goes_on(const json::array& blocks, std::size_t at) {
  if (at == 0 || at >= blocks.size() || !blocks[at].is_object() || !blocks[at - 1].is_object()) return false;
  const std::string type = text_of(blocks[at].get_object(), "type"),
                    before = text_of(blocks[at - 1].get_object(), "text");
  return !before.empty() && (type == "equation" || (type == "list" && before.back() == ':'));
}

// Which may leave first; kStays for what must not.
int rank_of(const std::string& section, const json::object& block, bool first,
            const std::map<std::string, const json::object*>& figures) {
  const std::string type = text_of(block, "type");
  const bool claimed = speaks_of_a_claim(member(block, "text")) || speaks_of_a_claim(member(block, "items")) ||
                       speaks_of_a_claim(member(block, "rows"));
  if (section == "limitations" || section == "conclusion") return kStays;
  if (type == "figure") {
    const auto found = figures.find(text_of(block, "id"));
    const std::string kind = found == figures.end() ? "" : text_of(*found->second, "kind");
    if (kind == "forest") return kStays;
    if (found != figures.end() && !text_of(*found->second, "subject").empty() && kind != "curves") return 6;
    return kind == "tree" ? 1 : 2;
  }
  if (type == "table") return claimed ? kStays : 0;
  if (section == "related") return first ? 8 : 3;
  if (claimed) return section == "results" || section == "introduction" ? kStays : 7;
  if (first) return section == "introduction" ? kStays : 9;
  return section == "introduction" ? 5 : 4;
}

}  // namespace

PaperFit::PaperFit(const json::object& model, const std::vector<json::object>& figures) : model_{model} {
  std::map<std::string, const json::object*> by_id;
  for (const auto& figure : figures) by_id[text_of(figure, "id")] = &figure;
  body_ = static_cast<double>(text_of(model, "abstract").size() + text_of(model, "title").size());
  const auto& sections = array_of(model, "sections");
  for (std::size_t s = 0; s < sections.size(); ++s) {
    if (!sections[s].is_object()) continue;
    const auto& blocks = array_of(sections[s].get_object(), "blocks");
    bool first = true;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      if (!blocks[b].is_object()) continue;
      const auto& block = blocks[b].get_object();
      Place place{s, b, 1, rank_of(text_of(sections[s].get_object(), "id"), block, first, by_id), size_of(block)};
      for (; goes_on(blocks, b + 1); ++b, ++place.count) {
        const auto& more = blocks[b + 1].get_object();
        place.rank = std::max(place.rank, rank_of(text_of(sections[s].get_object(), "id"), more, first, by_id));
        place.size += size_of(more);
      }
      body_ += place.size;
      if (text_of(block, "type") == "paragraph") first = false;
      if (place.rank < kStays) ranked_.push_back(place);
    }
  }
  // Of one rank, what stands last leaves first.
  std::stable_sort(ranked_.begin(), ranked_.end(), [](const Place& a, const Place& b) {
    return a.rank != b.rank ? a.rank < b.rank : std::pair{a.section, a.block} > std::pair{b.section, b.block};
  });
}

void PaperFit::move_to(std::size_t count) { moved_ = std::min(count, ranked_.size()); }

bool PaperFit::move(double share) {
  if (moved_ >= ranked_.size()) return false;
  double left = body_;
  for (std::size_t i = 0; i < moved_; ++i) left -= ranked_[i].size;
  double wanted = share * left;
  do wanted -= ranked_[moved_++].size;
  while (wanted > 0 && moved_ < ranked_.size());
  return true;
}

json::object PaperFit::shortened() const {
  if (moved_ == 0) return model_;
  std::set<std::pair<std::size_t, std::size_t>> leaving;
  for (std::size_t i = 0; i < moved_; ++i)
    for (std::size_t k = 0; k < ranked_[i].count; ++k) leaving.insert({ranked_[i].section, ranked_[i].block + k});
  json::object out = model_;
  json::array body, appendix;
  const auto& sections = array_of(model_, "sections");
  for (std::size_t s = 0; s < sections.size(); ++s) {
    if (!sections[s].is_object()) continue;
    json::object stays = sections[s].get_object(), leaves = sections[s].get_object();
    json::array kept, gone;
    bool text_left = false;
    const auto& blocks = array_of(stays, "blocks");
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      const bool leaves_now = leaving.count({s, b}) != 0;
      (leaves_now ? gone : kept).push_back(blocks[b]);
      text_left =
          text_left || (leaves_now && blocks[b].is_object() && text_of(blocks[b].get_object(), "type") != "figure" &&
                        text_of(blocks[b].get_object(), "type") != "table");
    }
    if (!gone.empty()) {
      if (!kept.empty()) {
        leaves["id"] = text_of(stays, "id") + "-more";
        leaves["title"] = text_of(stays, "title") + ", continued";
      }
      leaves["blocks"] = std::move(gone);
      appendix.push_back(std::move(leaves));
    }
    if (kept.empty()) continue;
    if (text_left) kept.push_back(json::object{{"type", "paragraph"}, {"text", kContinued}});
    stays["blocks"] = std::move(kept);
    body.push_back(std::move(stays));
  }
  for (const auto& section : array_of(model_, "appendix")) appendix.push_back(section);
  out["sections"] = std::move(body);
  out["appendix"] = std::move(appendix);
  return out;
}

}  // namespace aisci
