#include "research/paper.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace aisci {
namespace {

class PaperResolver {
 public:
  explicit PaperResolver(PaperContext context) : context_{std::move(context)} {
    for (const auto& record : context_.records) context_.referents.citations.insert(text_of(record, "key"));
    for (const auto& figure : context_.figures) known_figures_[text_of(figure, "id")] = &figure;
  }

  ResolvedPaper run(const json::object& model) {
    for (const char* part : {"sections", "appendix"})
      for (const auto& section : array_of(model, part)) number(section);
    json::object& out = paper_.document;
    out["$schema"] = "aisci/resolved-paper/1";
    out["title"] = prose(text_of(model, "title"), "title");
    out["abstract"] = prose(text_of(model, "abstract"), "abstract");
    for (const char* part : {"sections", "appendix"}) {
      json::array sections;
      for (const auto& section : array_of(model, part))
        if (section.is_object()) sections.push_back(resolve_section(section.get_object(), std::string{part}));
      out[part] = std::move(sections);
    }
    json::object figures;
    for (const auto& [id, number] : context_.referents.figures) figures[id] = figure(id, number);
    out["figures"] = std::move(figures);
    out["references"] = references(array_of(model, "citations"));
    out["author"] = context_.author;
    out["responsible"] = context_.responsible;
    out["statement"] = context_.statement;
    return std::move(paper_);
  }

 private:
  void problem(std::string what) { paper_.problems.push_back(std::move(what)); }

  json::array prose(std::string_view text, std::string_view place) {
    Pieces pieces = resolve(text, context_.referents, place, paper_.problems);
    for (const auto& piece : pieces)
      for (const auto& key : piece.keys) cited_.insert(key);
    return to_json(pieces);
  }

  void number(const json::value& section) {
    if (!section.is_object()) return;
    for (const auto& block : array_of(section.get_object(), "blocks")) {
      if (!block.is_object()) continue;
      const std::string type = text_of(block.get_object(), "type"), id = text_of(block.get_object(), "id");
      if (type == "figure" && !known_figures_.count(id)) problem("figure " + id + " was not made");
      auto& numbers = type == "figure" ? context_.referents.figures : context_.referents.tables;
      if (type != "figure" && type != "table") continue;
      if (!numbers.emplace(id, static_cast<int>(numbers.size()) + 1).second)
        problem(type + " " + id + " stands twice in the paper");
    }
  }

  json::object resolve_section(const json::object& section, const std::string& part) {
    const std::string id = text_of(section, "id");
    const std::string place = part + "." + id;
    json::array blocks;
    int index = 0;
    for (const auto& value : array_of(section, "blocks")) {
      if (value.is_object()) blocks.push_back(block(value.get_object(), place + "[" + std::to_string(index) + "]"));
      ++index;
    }
    if (blocks.empty()) problem(place + ": the section is empty");
    return {{"id", id}, {"title", prose(text_of(section, "title"), place + ".title")}, {"blocks", std::move(blocks)}};
  }

  json::object block(const json::object& block, const std::string& place) {
    const std::string type = text_of(block, "type");
    if (type == "paragraph") return {{"type", type}, {"text", prose(text_of(block, "text"), place)}};
    if (type == "equation") return equation(block, place);
    if (type == "figure")
      return {
          {"type", type}, {"id", text_of(block, "id")}, {"number", context_.referents.figures[text_of(block, "id")]}};
    if (type == "list") {
      json::array items;
      for (const auto& item : array_of(block, "items"))
        items.push_back(prose(item.is_string() ? item.get_string().c_str() : "", place));
      return {{"type", type}, {"items", std::move(items)}};
    }
    if (type == "table") return table(block, place);
    problem(place + ": unknown block type \"" + type + "\"");
    return {{"type", "paragraph"}, {"text", json::array{}}};
  }

  // Symbols and facts alone; no sentence names an arm here, so no fact of one can stand in it.
  json::object equation(const json::object& block, const std::string& place) {
    const std::string text = text_of(block, "text");
    for (auto at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 2)) {
      const std::string body = text.substr(at + 2, text.find("}}", at) - at - 2);
      const auto colon = body.find(':');
      const std::string kind = colon == std::string::npos ? "value" : body.substr(0, colon);
      if (kind != "value" && kind != "level")
        problem(place + ": a formula holds facts alone, and not {{" + body + "}}");
    }
    json::array pieces = prose(text, place);
    for (const auto& piece : pieces)
      if (const auto found = context_.referents.facts.find(text_of(piece.get_object(), "fact"));
          found != context_.referents.facts.end() && !found->second.arms.empty())
        problem(place + ": {{" + found->first + "}} belongs to an arm, and a formula names none");
    return {{"type", "equation"}, {"text", std::move(pieces)}};
  }

  json::object table(const json::object& block, const std::string& place) {
    const std::string id = text_of(block, "id");
    json::array columns, rows;
    for (const auto& column : array_of(block, "columns"))
      columns.push_back(prose(column.is_string() ? column.get_string().c_str() : "", place + ".columns"));
    for (const auto& row : array_of(block, "rows")) {
      if (!row.is_array() || row.get_array().size() != columns.size()) {
        problem(place + ": a row of table " + id + " has not as many cells as the table has columns");
        continue;
      }
      rows.push_back(table_row(row.get_array(), place + ".rows"));
    }
    return {{"type", "table"},
            {"id", id},
            {"number", context_.referents.tables[id]},
            {"caption", prose(text_of(block, "caption"), place + ".caption")},
            {"columns", std::move(columns)},
            {"rows", std::move(rows)}};
  }

  // A row is one sentence to the rule that binds values to arms, so it is resolved as one text.
  json::array table_row(const json::array& cells, const std::string& place) {
    constexpr char kSeparator = '\x1f';
    std::string joined;
    for (const auto& cell : cells) {
      if (!joined.empty() || &cell != cells.begin()) joined += kSeparator;
      if (cell.is_string()) joined += cell.get_string().c_str();
    }
    json::array row, current;
    for (auto& piece : prose(joined, place)) {
      const auto* text = piece.get_object().if_contains("text");
      if (!text) {
        current.push_back(std::move(piece));
        continue;
      }
      const auto parts = split({text->get_string().data(), text->get_string().size()}, kSeparator);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i) row.push_back(std::exchange(current, json::array{}));
        if (!parts[i].empty()) current.push_back(json::object{{"text", parts[i]}});
      }
    }
    row.push_back(std::move(current));
    return row;
  }

  json::object figure(const std::string& id, int number) {
    const auto it = known_figures_.find(id);
    if (it == known_figures_.end()) return {};
    return {{"file", "figures/" + id + ".pdf"},
            {"number", number},
            {"kind", text_of(*it->second, "kind")},
            {"caption", prose(text_of(*it->second, "caption"), "figure " + id)}};
  }

  // Every key that the text cites needs an entry with a support that its record really states.
  json::array references(const json::array& citations) {
    std::map<std::string, std::string> support;
    for (const auto& citation : citations)
      if (citation.is_object())
        support[text_of(citation.get_object(), "key")] = text_of(citation.get_object(), "support");
    json::array out;
    for (const auto& record : context_.records) {
      const std::string key = text_of(record, "key");
      if (!cited_.count(key)) continue;
      const auto it = support.find(key);
      const auto& statements = array_of(record, "statements");
      const bool stated =
          it != support.end() && std::any_of(statements.begin(), statements.end(), [&](const json::value& s) {
            return s.is_string() && std::string_view{s.get_string().data(), s.get_string().size()} == it->second;
          });
      if (!stated) problem("citation " + key + ": its support is no statement of the record");
      out.push_back(record);
    }
    return out;
  }

  PaperContext context_;
  std::map<std::string, const json::object*> known_figures_;
  std::set<std::string> cited_;
  ResolvedPaper paper_;
};

void append_pieces(const json::value& pieces, std::string& out) {
  if (!pieces.is_array()) return;
  for (const auto& piece : pieces.get_array()) {
    if (!piece.is_object()) continue;
    const auto& object = piece.get_object();
    out += text_of(object, "text") + text_of(object, "value") + text_of(object, "math");
    if (object.contains("ref")) out += text_of(object, "kind") + " " + text_of(object, "ref");
  }
  out += '\n';
}

}  // namespace

ResolvedPaper resolve_paper(const json::object& model, PaperContext context) {
  return PaperResolver{std::move(context)}.run(model);
}

std::string plain_text(const json::object& resolved) {
  std::string out;
  append_pieces(member(resolved, "title"), out);
  append_pieces(member(resolved, "abstract"), out);
  for (const char* part : {"sections", "appendix"}) {
    for (const auto& section : array_of(resolved, part)) {
      if (!section.is_object()) continue;
      append_pieces(member(section.get_object(), "title"), out);
      for (const auto& value : array_of(section.get_object(), "blocks")) {
        if (!value.is_object()) continue;
        const auto& block = value.get_object();
        append_pieces(member(block, "text"), out);
        for (const auto& item : array_of(block, "items")) append_pieces(item, out);
        for (const auto& row : array_of(block, "rows"))
          if (row.is_array())
            for (const auto& cell : row.get_array()) append_pieces(cell, out);
      }
    }
  }
  return out;
}

}  // namespace aisci
