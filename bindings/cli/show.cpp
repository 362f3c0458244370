// The commands that tell about a study: show, from its ledger alone, also while another process runs it; explain, from
// a number of its paper back to the raw files.

#include <aisci/plugin/json.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli.hpp"
#include "numbers.hpp"

namespace aisci::cli {
namespace {

using plugin::json::Value;

// The same document with each text in one line: a line of its own looks like the program's.
Value in_lines(const Value& value) {
  if (value.is_text()) {
    std::string text = value.text();
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return text;
  }
  Value::Array items;
  Value::Object members;
  for (const Value& item : value.items()) items.push_back(in_lines(item));
  for (const auto& member : value.members()) members.push_back({member.name, in_lines(member.value)});
  if (value.is_array()) return items;
  return value.is_object() ? Value{std::move(members)} : value;
}

// A closed verdict if there is one, else the posterior's reading, else how far it got.
std::string standing(const Value& node) {
  for (const char* const name : {"verdict", "reading", "state"})
    if (const std::string text = node[name].text(); !text.empty()) return text;
  return "-";
}

void print_node(const Value& node, std::size_t depth) {
  constexpr std::size_t kDeepest = 20;
  const std::string id = std::string(2 * std::min(depth, kDeepest), ' ') + node["id"].text();
  char worth[32] = "-";
  if (node["score"].is_number()) std::snprintf(worth, sizeof worth, "%.2f", node["score"].number());
  say(stdout, "  %-8s %-15s %5s %4d  %s\n", id.c_str(), standing(node).c_str(), worth,
      static_cast<int>(node["experiments"].integer()), node["hypothesis"].text().c_str());
  for (const Value& judged : node["judgements"].items()) {
    char score[32] = "";
    if (judged["score"].is_number()) std::snprintf(score, sizeof score, " %.3g", judged["score"].number());
    say(stdout, "           %s%s: %s\n", judged["task"].text().c_str(), score, judged["why"].text().c_str());
  }
}

// Each node below its parent. What a ledger says of parents may lead round in circles, or to none: what hangs below
// nothing that was printed is printed after it.
void print_nodes(const Value& nodes) {
  std::map<std::string, std::vector<const Value*>> children;
  for (const Value& node : nodes.items()) children[node["parent"].text()].push_back(&node);
  std::set<const Value*> printed;
  const auto print_below = [&](std::vector<std::pair<const Value*, std::size_t>> next) {
    while (!next.empty()) {
      const auto [node, depth] = next.back();
      next.pop_back();
      if (!printed.insert(node).second) continue;
      print_node(*node, depth);
      const auto& below = children[(*node)["id"].text()];
      for (auto child = below.rbegin(); child != below.rend(); ++child) next.emplace_back(*child, depth + 1);
    }
  };
  for (const Value* root : children[""]) print_below({{root, 0}});
  for (const Value& node : nodes.items()) print_below({{&node, 0}});
}

void print_claims(const Value& claims) {
  for (const Value& claim : claims.items()) {
    const auto blocks = static_cast<int>(claim["blocks"].integer());
    if (claim["verdict"].is_text() && blocks == 0)
      say(stdout, "  %-8s %-15s no evidence, n = 0  %s\n", claim["id"].text().c_str(), claim["verdict"].text().c_str(),
          claim["statement"].text().c_str());
    else if (claim["verdict"].is_text())
      say(stdout, "  %-8s %-15s %s [%s, %s], n = %d  %s\n", claim["id"].text().c_str(), claim["verdict"].text().c_str(),
          signed_number("%+.3g", claim["effect"].number()).c_str(),
          signed_number("%+.3g", claim["lower"].number()).c_str(),
          signed_number("%+.3g", claim["upper"].number()).c_str(), blocks, claim["statement"].text().c_str());
    else
      say(stdout, "  %-8s %-15s n = %d planned  %s\n", claim["id"].text().c_str(), "locked", blocks,
          claim["statement"].text().c_str());
  }
}

void print_text(const Value& shown) {
  const Value& study = shown["study"];
  const std::string ended_by = study["ended_by"].text();
  say(stdout, "Question  %s\n", study["question"].text().c_str());
  say(stdout, "State     %s%s\n", shown["state"].text().c_str(),
      ended_by.empty() ? "" : (", the search ended by " + ended_by).c_str());
  say(stdout, "Begun     %s, last event %s, seed %s, aisci %s\n", study["created"].text().c_str(),
      study["updated"].text().c_str(), study["seed"].text().c_str(), study["aisci"].text().c_str());
  const Value& cost = shown["cost"];
  const auto count = [&](const char* name) { return static_cast<long long>(cost[name].integer()); };
  // Rules answer tasks too: a call is what went to a model's provider.
  say(stdout, "Cost      %lld trials, %lld model tasks answered, %lld model calls, %lld tokens in, %lld out",
      count("trials"), count("model_calls"), count("model_attempts"), count("input_tokens"), count("output_tokens"));
  if (cost["usd"].is_null())
    say(stdout, ", of a price that is not known (--llm-price)\n");
  else if (cost["model_attempts"].integer() > 0)
    say(stdout, ", %.4f US dollars\n", cost["usd"].number());
  else
    say(stdout, "\n");
  for (const Value& missing : study["degraded"].items()) say(stdout, "Degraded  %s\n", missing.text().c_str());
  if (!shown["nodes"].items().empty()) {
    say(stdout, "\nHypotheses (standing, worth, experiments)\n");
    print_nodes(shown["nodes"]);
  }
  if (!shown["claims"].items().empty()) {
    say(stdout, "\nClaims (verdict, effect with its interval, blocks)\n");
    print_claims(shown["claims"]);
  }
}

// Of a trial what the fact was computed from.
const Value& reported(const Value& trial) {
  for (const char* name : {"training_loss", "training_accuracy", "parameters"})
    if (trial[name].is_number()) return trial[name];
  return trial["score"];
}

void print_explanation(const Value& told) {
  for (const Value& match : told["matches"].items()) {
    const bool fact = match["fact"].is_text();
    say(stdout, "%s  %s %s", match["printed"].text().c_str(), fact ? "is" : "is no fact, it comes from",
        match[fact ? "fact" : "source"].text().c_str());
    if (match["value"].is_number()) say(stdout, " = %s", shortest(match["value"].number()).c_str());
    say(stdout, "\n  %s\n  printed in:", match["how"].text().c_str());
    const char* between = " ";
    for (const Value& place : match["places"].items()) {
      say(stdout, "%s%s", between, place.text().c_str());
      between = "; ";
    }
    say(stdout, "\n");
    if (!match["lines"].items().empty()) say(stdout, "  lines of the table:");
    for (const Value& line : match["lines"].items()) say(stdout, " %d", static_cast<int>(line.integer()));
    if (!match["lines"].items().empty()) say(stdout, "\n");
    for (const Value& block : match["blocks"].items()) {
      say(stdout, "  block %d, seed %s", static_cast<int>(block["block"].integer()), block["seed"].text().c_str());
      if (block["contrast"].is_number())
        say(stdout, ", contrast %s", signed_number("%+.6g", block["contrast"].number()).c_str());
      say(stdout, "\n");
      for (const Value& trial : block["trials"].items())
        say(stdout, "    %-24s %-10.6g %s\n", trial["arm"].text().c_str(), reported(trial).number(),
            trial["file"].text().c_str());
    }
    say(stdout, "\n");
  }
  if (!told["holds"].flag()) say(stdout, "This study does NOT hold as it lies there; see  aisci verify\n");
}

}  // namespace

int explain(const RunArguments& arguments, const std::string& number) {
  const auto plugins = trusted_plugins(arguments);
  if (!plugins.ok()) return fail(plugins.status());
  const auto told = explain_number(arguments.folder, number, *plugins);
  if (!told.ok()) return fail(told.status());
  if (arguments.json)
    say_json(*told);
  else
    print_explanation(in_lines(plugin::json::parse(*told)));
  return kDone;
}

int show(const std::string& folder, bool json) {
  const auto description = describe_study(folder);
  if (!description.ok()) return fail(description.status());
  if (json)
    say_json(*description);
  else
    print_text(in_lines(plugin::json::parse(*description)));
  return kDone;
}

}  // namespace aisci::cli
