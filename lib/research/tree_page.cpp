#include "research/tree_page.hpp"
#include "research/study_facts.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace aisci {
namespace {

constexpr const char* kHead =
    R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><title>aisci: search tree</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root{color-scheme:light dark;--line:#8886;--soft:#8881}
body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
ul{list-style:none;padding-left:1.4rem;border-left:1px solid var(--line)}
summary{cursor:pointer;padding:.3rem .5rem;border-radius:.3rem}summary:hover{background:var(--soft)}
.tag{font-size:.8rem;border:1px solid var(--line);border-radius:.6rem;padding:0 .5rem;margin-left:.4rem}
table{border-collapse:collapse;margin:.5rem 0}td,th{border-bottom:1px solid var(--line);padding:.15rem .7rem;text-align:right}
td:first-child,th:first-child{text-align:left}pre{overflow:auto;background:var(--soft);padding:.6rem}
svg{max-width:38rem;width:100%;font-size:12px;fill:currentColor}circle{fill:none;stroke:#0072b2;stroke-width:1.2}
.bar{stroke:#888;stroke-width:5;stroke-opacity:.4}.mean{stroke:currentColor;stroke-width:2}
.claim{border-left:.25rem solid #0072b2;padding-left:.8rem;margin:.8rem 0}</style></head><body>)";

std::string of_belief(const NodeBelief& belief) {
  return fixed(belief.mean, 2) + " &plusmn; " + fixed(belief.stddev, 2);
}

// How a plan's numbers are written.
class Written {
 public:
  Written(const Plan& plan, const json::object& manifest)
      : metric_{metric_form(object_of(object_of(manifest, "metrics"), plan.metric))},
        logit_{plan.contrast.scale == Contrast::Scale::kLogit} {}
  std::string amount(double value) const { return make_amount(value, metric_).text; }
  std::string change(double value) const {
    return logit_               ? fixed(value, 2) + " log odds"
           : metric_.fraction() ? fixed(100 * value, 1) + " points"
                                : make_change(value, metric_).text;
  }

 private:
  MetricForm metric_;
  bool logit_;
};

std::string evidence_table(const Evidence& evidence, const Written& written) {
  std::string out = "<table><tr><th>arm</th><th>blocks</th><th>mean</th><th>interval</th></tr>";
  for (const auto& arm : evidence.arms) {
    out += "<tr><td>" + html(arm.label) + "</td><td>" + std::to_string(arm.values.size()) + "</td><td>" +
           written.amount(arm.mean) + "</td><td>" + written.amount(arm.lower) + " to " + written.amount(arm.upper) +
           "</td></tr>";
  }
  const auto& c = evidence.contrast;
  return out + "<tr><td>contrast</td><td>" + std::to_string(c.values.size()) + "</td><td>" + written.change(c.mean) +
         "</td><td>" + written.change(c.lower) + " to " + written.change(c.upper) + "</td></tr></table>";
}

// Every block of every arm, and the contrast inside it.
std::string blocks_table(const Evidence& evidence, const Written& written) {
  std::string out = "<table><tr><th>seed of the block</th>";
  for (const auto& arm : evidence.arms) out += "<th>" + html(arm.label) + "</th>";
  out += "<th>contrast</th></tr>";
  for (std::size_t i = 0; i < evidence.blocks.size(); ++i) {
    out += "<tr><td>" + std::to_string(evidence.blocks[i]) + "</td>";
    for (const auto& arm : evidence.arms)
      out += "<td>" + (i < arm.values.size() ? written.amount(arm.values[i]) : std::string{"\u2013"}) + "</td>";
    const auto& each = evidence.contrast.values;
    out += "<td>" + (i < each.size() ? written.change(each[i]) : std::string{"\u2013"}) + "</td></tr>";
  }
  return out + "</table>";
}

// Letters of UTF-8, and how many columns each takes: two from U+3000 on, where those of East Asia begin.
std::vector<std::pair<std::string, std::size_t>> letters_of(const std::string& text) {
  std::vector<std::pair<std::string, std::size_t>> out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80 || out.empty()) out.push_back({"", byte >= 0xE3 ? 2 : 1});
    out.back().first += c;
  }
  return out;
}

// The whole text in lines of at most so many columns, broken between words; inside one only where it is longer.
std::vector<std::string> wrapped(const std::string& text, std::size_t most) {
  std::vector<std::string> lines{""};
  std::size_t taken = 0;
  const auto begin_line = [&] {
    lines.emplace_back();
    taken = 0;
  };
  for (const auto& word : split(text, ' ')) {
    const auto letters = letters_of(word);
    std::size_t width = 0;
    for (const auto& letter : letters) width += letter.second;
    if (width == 0) continue;
    if (taken > 0 && taken + 1 + width > most) begin_line();
    if (taken > 0) lines.back() += ' ', ++taken;
    for (const auto& [letter, columns] : letters) {
      if (taken + columns > most) begin_line();
      lines.back() += letter;
      taken += columns;
    }
  }
  return lines;
}

constexpr double kLabelLine = 14;  // from one line of a label to the next

// A label's lines around the height of its row.
std::string label_text(const std::vector<std::string>& lines, double right, double y) {
  std::string out;
  double at = y + 4 - kLabelLine * static_cast<double>(lines.size() - 1) / 2;
  for (const auto& line : lines) {
    out +=
        "<text x=\"" + fixed(right, 0) + "\" y=\"" + fixed(at, 1) + "\" text-anchor=\"end\">" + html(line) + "</text>";
    at += kLabelLine;
  }
  return out;
}

// A row an arm: a circle a block, a bar from end to end of the interval, the mean as a stroke.
std::string drawing(const Evidence& evidence, const Written& written) {
  constexpr double kLeft = 170, kWidth = 420, kRow = 26;
  constexpr std::size_t kColumns = 24;  // what fits left of the bars
  double low = 1e300, high = -1e300;
  for (const auto& arm : evidence.arms) {
    low = std::min(low, arm.lower);
    high = std::max(high, arm.upper);
    for (const double value : arm.values) low = std::min(low, value), high = std::max(high, value);
  }
  if (!(low <= high)) return {};
  const auto x = [&](double value) {
    return fixed(kLeft + kWidth * (high > low ? (value - low) / (high - low) : 0.5), 1);
  };
  std::vector<std::vector<std::string>> labels;
  double height = 22;
  const auto row = [&](const std::vector<std::string>& lines) {
    return kRow + kLabelLine * static_cast<double>(lines.size() - 1);
  };
  for (const auto& arm : evidence.arms) {
    labels.push_back(wrapped(printable(arm.label, arm.label.size()), kColumns));
    height += row(labels.back());
  }
  std::string out = "<svg viewBox=\"0 0 " + fixed(kLeft + kWidth + 20, 0) + " " + fixed(height, 0) +
                    "\" role=\"img\" aria-label=\"blocks, means and intervals of the arms\">";
  double top = 1;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto& arm = evidence.arms[i];
    const double y = top + row(labels[i]) / 2;
    const std::string at = fixed(y, 1);
    out += label_text(labels[i], kLeft - 12, y) + "<line x1=\"" + x(arm.lower) + "\" x2=\"" + x(arm.upper) +
           "\" y1=\"" + at + "\" y2=\"" + at + "\" class=bar /><line x1=\"" + x(arm.mean) + "\" x2=\"" + x(arm.mean) +
           "\" y1=\"" + fixed(y - 8, 1) + "\" y2=\"" + fixed(y + 8, 1) + "\" class=mean />";
    for (const double value : arm.values) out += "<circle cx=\"" + x(value) + "\" cy=\"" + at + "\" r=\"3.5\"/>";
    out += "\n";
    top += row(labels[i]);
  }
  return out + "<text x=\"" + fixed(kLeft, 0) + "\" y=\"" + fixed(height - 4, 0) + "\">" + written.amount(low) +
         "</text><text x=\"" + fixed(kLeft + kWidth, 0) + "\" y=\"" + fixed(height - 4, 0) + "\" text-anchor=\"end\">" +
         written.amount(high) + "</text></svg>";
}

std::string posterior(const Evidence& evidence, const Plan& plan, const Written& written) {
  const std::string limit = written.change(plan.smallest_effect);
  return "<p>Posterior, shrunken towards zero: the effect passes " + limit + " as predicted with probability " +
         fixed(evidence.probability_above, 2) + ", against the prediction with " +
         fixed(evidence.probability_below, 2) + ", neither with " +
         fixed(std::max(0.0, 1 - evidence.probability_above - evidence.probability_below), 2) + ".</p>";
}

// How much better the search made a claim look than fresh blocks did.
std::string optimism(const Node& node, const Claim& claim, const Written& written) {
  if (!node.evidence || !claim.evidence) return {};
  const int sign = claim.plan.contrast.predicted_sign;
  const double searched = sign * node.evidence->contrast.mean, confirmed = sign * claim.evidence->contrast.mean;
  return "<p>Optimism of the search: in the predicted direction it saw " + written.change(searched) +
         ", confirmation " + written.change(confirmed) + "; the difference is " + written.change(searched - confirmed) +
         ".</p>";
}

// Code that several nodes share is printed once and linked.
class Listings {
 public:
  explicit Listings(const CodeOf& code) : code_{code} {}
  std::string of(const std::string& owner) {
    const auto files = code_.find(owner);
    if (files == code_.end() || files->second.empty()) return "<p>no code was recorded</p>";
    std::string out;
    for (const auto& [name, text] : files->second) {
      const std::string id = "code-" + sha256(text).substr(0, 16);
      if (printed_.insert(id).second)
        out += "<details id=\"" + id + "\"><summary>" + html(name) + "</summary><pre>" +
               html(printable(text, text.size())) + "</pre></details>";
      else
        out += "<p>" + html(name) + ": <a href=\"#" + id + "\">as above</a></p>";
    }
    return out;
  }

 private:
  const CodeOf& code_;
  std::set<std::string> printed_;
};

std::string plain_statement(const json::object& hypothesis, const Referents& referents) {
  std::vector<std::string> ignored;
  return plain(resolve(text_of(hypothesis, "statement"), referents, "statement", ignored));
}

// A document with every reference in its texts resolved.
json::value in_words(const json::value& document, const Referents& referents) {
  if (const auto* text = document.if_string()) {
    std::vector<std::string> ignored;
    return json::value(plain(resolve({text->data(), text->size()}, referents, "plan", ignored)));
  }
  if (const auto* array = document.if_array()) {
    json::array out;
    for (const auto& item : *array) out.push_back(in_words(item, referents));
    return out;
  }
  if (const auto* object = document.if_object()) {
    json::object out;
    for (const auto& entry : *object) out[entry.key()] = in_words(entry.value(), referents);
    return out;
  }
  return document;
}

std::string metrics_part(const Evidence& evidence, const Plan& plan, const json::object& manifest) {
  const Written written{plan, manifest};
  return evidence_table(evidence, written) + drawing(evidence, written) + posterior(evidence, plan, written) +
         "<details><summary>metrics of every block</summary>" + blocks_table(evidence, written) + "</details>";
}

// Why a model judged the node as it did: its own words, as text.
std::string judged(const Node& node) {
  std::string out;
  if (!node.score) return out;
  for (const auto& one : node.score->judgements)
    out += "<p>Judged by a model, " + html(one.task) +
           (one.score ? ", " + fixed(*one.score, std::floor(*one.score) == *one.score ? 0 : 2) : std::string{}) + ": " +
           html(one.why) + "</p>";
  return out;
}

std::string node_item(const Node& node, const StudyView& study, const Referents& referents, Listings& listings) {
  std::vector<std::string> ignored;
  std::string out =
      "<li><details><summary><b>" + html(node.id) + "</b> " + html(plain_statement(node.hypothesis, referents));
  out += "<span class=tag>" + html(node.evidence ? reading_of(*node.evidence) : "failed") + "</span>";
  if (node.score) out += "<span class=tag>worth " + fixed(node.score->value, 2) + "</span>";
  if (node.belief) out += "<span class=tag>posterior " + of_belief(*node.belief) + "</span>";
  out += "</summary><p>" +
         html(plain(resolve(text_of(node.hypothesis, "rationale"), referents, "rationale", ignored))) + "</p>";
  if (node.evidence)
    out += metrics_part(*node.evidence, node.plan, study.template_document);
  else
    out += "<pre>" + html(node.failure) + "</pre>";
  out += judged(node);
  for (const auto& claim : study.claims)
    if (claim.node == node.id)
      out += "<p>Published as claim <a href=\"#" + html(claim.id) + "\">" + html(claim.id) + "</a>.</p>" +
             optimism(node, claim, {node.plan, study.template_document});
  out += "<details><summary>plan</summary><pre>" + html(pretty(in_words(node.plan.document, referents))) +
         "</pre></details><details><summary>code</summary>" + listings.of(node.id) + "</details></details>";
  std::string children;
  for (const auto& child : study.nodes)
    if (child.parent == node.id) children += node_item(child, study, referents, listings);
  return out + (children.empty() ? "" : "<ul>" + children + "</ul>") + "</li>";
}

}  // namespace

std::string html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string tree_page(const StudyView& study, const CodeOf& code) {
  Listings listings{code};
  const Referents referents = referents_of(study);
  std::string out = std::string{kHead} + "<h1>" + html(study.question) + "</h1><p>" +
                    std::to_string(study.nodes.size()) + " nodes; the search was ended by " + html(study.ended_by) +
                    ".</p><h2>Confirmed claims</h2>";
  for (const auto& claim : study.claims) {
    out += "<div class=claim id=\"" + html(claim.id) + "\"><b>" + html(claim.id) + "</b> " +
           html(plain_statement(claim.hypothesis, referents)) + "<span class=tag>" + html(claim.verdict) + "</span>";
    if (claim.evidence) out += metrics_part(*claim.evidence, claim.plan, study.template_document);
    out += "</div>";
  }
  out += "<h2>Search tree (exploratory)</h2>";
  if (study.leader)
    out += "<p>The search, by the policy " + html(study.policy) + ", holds " + study.leader->node +
           " to be worth most, " + of_belief(study.leader->belief) + " by its posterior, of which " +
           fixed(study.leader->optimism, 2) + " is expected to be the optimism of having chosen the best.</p>";
  out += "<ul>";
  for (const auto& node : study.nodes)
    if (node.parent.empty()) out += node_item(node, study, referents, listings);
  return out + "</ul></body></html>\n";
}

}  // namespace aisci
