#include "research/printed_numbers.hpp"

#include <cctype>
#include <map>
#include <set>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"
#include "research/pdf_text.hpp"
#include "research/provenance.hpp"
#include "research/study_facts.hpp"

namespace aisci {
namespace {

using Visit = std::function<void(const json::object& piece, const std::string& place)>;

std::string words(const json::value& pieces) {
  std::string out;
  if (pieces.is_array())
    for (const auto& piece : pieces.get_array())
      out +=
          text_of(piece.as_object(), "text") + text_of(piece.as_object(), "value") + text_of(piece.as_object(), "math");
  return out;
}

void visit_inside(const json::value& value, const std::string& place, const Visit& visit) {
  if (const auto* object = value.if_object()) {
    const bool table = text_of(*object, "type") == "table";
    if (!object->contains("type")) visit(*object, place);
    const std::string inside = table ? "Table " + std::to_string(integer_of(*object, "number")) : place;
    for (const auto& entry : *object) visit_inside(entry.value(), inside, visit);
  } else if (const auto* array = value.if_array()) {
    for (const auto& item : *array) visit_inside(item, place, visit);
  }
}

bool digit(char c) { return c >= '0' && c <= '9'; }
bool of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// What stands directly before or after a number and makes it another one, or part of a word.
bool goes_on_before(const std::string& text, std::size_t at) {
  if (at == 0) return false;
  const char before = text[at - 1];
  if (before == '-' && digit(text[at])) return at < 2 || !of_word(text[at - 2]);
  return of_word(before) || (before == '.' && at > 1 && digit(text[at - 2]));
}

bool goes_on_after(const std::string& text, std::size_t end) {
  if (end >= text.size()) return false;
  const bool point = text[end] == '.' && end + 1 < text.size() && digit(text[end + 1]);
  return digit(text[end - 1]) && (of_word(text[end]) || point);
}

struct Source {
  std::string name, how;
  bool operator<(const Source& other) const { return name < other.name; }
};

// The member of the template whose text holds the number and is, or holds, what the paper prints there.
std::string member_with(const json::value& value, const std::string& place, const std::string& number,
                        const std::string& printed) {
  constexpr std::size_t kShortest = 12;  // of a stretch between two references that tells one text from another
  if (const auto* string = value.if_string()) {
    std::string text = bare({string->data(), string->size()});
    if (!stands_in(text, number)) return {};
    while (!text.empty() && text.back() == '.') text.pop_back();
    const std::string stretch = trim(printed);
    const bool same = printed.find(text) != std::string::npos ||
                      (stretch.size() >= kShortest && text.find(stretch) != std::string::npos);
    return same ? place : std::string{};
  }
  const auto inside = [&](const std::string& name, const json::value& one) {
    return member_with(one, place.empty() ? name : place + "." + name, number, printed);
  };
  if (const auto* object = value.if_object())
    for (const auto& entry : *object)
      if (std::string found = inside(std::string{entry.key()}, entry.value()); !found.empty()) return found;
  if (const auto* array = value.if_array())
    for (std::size_t i = 0; i < array->size(); ++i)
      if (std::string found = inside(std::to_string(i), (*array)[i]); !found.empty()) return found;
  return {};
}

Source source_of(const StudyView& study, const Referents& known, const std::string& number,
                 const std::string& printed) {
  const auto holds = [&](const std::string& said) {
    const std::string text = bare(said);
    return stands_in(text, number) && printed.find(text) != std::string::npos;
  };
  for (const auto& [name, fact] : known.facts)
    if (fact.kind == FactKind::kText && holds(fact.text)) return {name, provenance_of(study, name, fact).how};
  if (const std::string member = member_with(study.template_document, {}, number, printed); !member.empty())
    return {"template.json", "words of the experiment's template: " + member};
  for (const auto& [arm, label] : known.arms)
    if (holds(label)) return {arm, "the name of an arm, made of the template's factors and their levels"};
  for (const auto& [level, label] : known.labels)
    if (holds(label)) return {level, "the name of a level, stated by the experiment's template"};
  return {"paper/paper.json", "the paper's own words; no fact of the study and no text of its template holds it"};
}

using Places = std::map<Source, std::set<std::string>>;

void add_references(const std::string& number, const json::object& paper, Places& found) {
  std::map<std::string, std::set<std::string>> cited;
  visit_pieces(paper, [&](const json::object& piece, const std::string& place) {
    for (const auto& key : texts_of(piece, "cite")) cited[key].insert(place);
  });
  for (const auto& value : array_of(paper, "references")) {
    const json::object& record = value.as_object();
    const std::string key = text_of(record, "key");
    const bool year = member(record, "year").is_number() && std::to_string(integer_of(record, "year")) == number;
    const bool elsewhere = stands_in(text_of(record, "title"), number) || stands_in(text_of(record, "venue"), number);
    if (!year && !elsewhere) continue;
    auto& places = found[{key, std::string{year ? "the year" : "in the title or venue"} +
                                   " of a reference: " + text_of(record, "title")}];
    places.insert("References");
    if (year) places.insert(cited[key].begin(), cited[key].end());
  }
}

json::object match_of(const std::string& source, const std::string& number, const std::set<std::string>& places,
                      const std::string& how) {
  return {{"source", source},
          {"printed", number},
          {"places", json::array(places.begin(), places.end())},
          {"how", how},
          {"blocks", json::array{}}};
}

// Lines of a figure's table with a cell that is the number when it is rounded, as it is or per cent.
std::vector<std::size_t> lines_with(const std::string& table, const std::string& number) {
  const std::string bare_number = number.substr(0, number.find_first_not_of("-.0123456789"));
  const auto point = bare_number.find('.');
  const int digits = point == std::string::npos ? 0 : static_cast<int>(bare_number.size() - point - 1);
  std::vector<std::size_t> out;
  const auto lines = split(table, '\n');
  for (std::size_t i = 1; i < lines.size(); ++i)
    for (const auto& cell : split(lines[i], ',')) {
      const auto value = parsed_number(trim(cell));
      if (!value || (fixed(*value, digits) != bare_number && fixed(100 * *value, digits) != bare_number)) continue;
      out.push_back(i + 1);
      break;
    }
  return out;
}

}  // namespace

void visit_pieces(const json::object& paper, const Visit& visit) {
  visit_inside(member(paper, "title"), "title", visit);
  visit_inside(member(paper, "abstract"), "abstract", visit);
  for (const char* part : {"sections", "appendix"})
    for (const auto& section : array_of(paper, part)) {
      const std::string title = words(member(section.as_object(), "title"));
      visit_inside(member(section.as_object(), "title"), title, visit);
      visit_inside(member(section.as_object(), "blocks"), title, visit);
    }
  for (const auto& figure : object_of(paper, "figures"))
    visit_inside(member(figure.value().as_object(), "caption"),
                 "caption of Figure " + std::to_string(integer_of(figure.value().as_object(), "number")), visit);
}

std::string plain_number(std::string text) {
  text = bare(trim(text));
  return text.empty() || text[0] != '+' ? text : text.substr(1);
}

bool stands_in(const std::string& text, const std::string& number) {
  if (number.empty()) return false;
  for (auto at = text.find(number); at != std::string::npos; at = text.find(number, at + 1))
    if (!goes_on_before(text, at) && !goes_on_after(text, at + number.size())) return true;
  return false;
}

json::array numbers_in_texts(const std::string& number, const StudyView& study, const json::object& paper) {
  const Referents known = referents_of(study);
  Places found;
  visit_pieces(paper, [&](const json::object& piece, const std::string& place) {
    const std::string text = text_of(piece, "text"), value = text_of(piece, "value");
    const auto fact = known.facts.find(text_of(piece, "fact"));
    if (stands_in(bare(text), number)) found[source_of(study, known, number, bare(text))].insert(place);
    if (fact != known.facts.end() && fact->second.kind == FactKind::kText && bare(value) != number &&
        stands_in(bare(value), number))
      found[{fact->first, provenance_of(study, fact->first, fact->second).how}].insert(place);
  });
  add_references(number, paper, found);
  json::array out;
  for (const auto& [source, places] : found) out.push_back(match_of(source.name, number, places, source.how));
  return out;
}

Result<json::array> numbers_in_figures(const std::string& number, const json::object& paper,
                                       const std::filesystem::path& folder) {
  json::array out;
  for (const auto& entry : object_of(paper, "figures")) {
    const std::string table = "figures/" + std::string{entry.key()} + ".csv";
    const auto drawn = pdf_text(folder / text_of(entry.value().as_object(), "file"));
    if (drawn.status().code() == StatusCode::kFailedPrecondition) return drawn.status();
    if (!drawn.ok() || !stands_in(bare(*drawn), number)) continue;
    const auto read = read_file(folder / table);
    const auto lines = read.ok() ? lines_with(*read, number) : std::vector<std::size_t>{};
    json::object match = match_of(
        table, number, {"Figure " + std::to_string(integer_of(entry.value().as_object(), "number"))},
        lines.empty() ? "a mark on an axis, or computed by the drawing from the figure's table"
                      : "drawn from the figure's table: rounded, a number of these lines, or a mark on an axis");
    match["lines"] = json::array(lines.begin(), lines.end());
    out.push_back(std::move(match));
  }
  return out;
}

}  // namespace aisci
