#include "literature/files.hpp"

#include <algorithm>
#include <map>

#include "base/files.hpp"
#include "base/text.hpp"
#include "literature/record.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

bool is_kind(const fs::path& path) {
  const auto kind = path.extension();
  return kind == ".bib" || kind == ".jsonl" || kind == ".ndjson";
}

// Members of records that are not read, by name: the line of the first, and how many there are.
using Unread = std::map<std::string, std::pair<std::size_t, std::size_t>>;

void add_unread(const json::object& record, std::size_t line, Unread& unread) {
  const auto& read = members_read();
  for (const auto& entry : record)
    if (std::find(read.begin(), read.end(), entry.key()) == read.end())
      ++unread.try_emplace(std::string{entry.key()}, line, 0).first->second.second;
}

std::string told(const Unread& unread) {
  constexpr std::size_t kMost = 12;
  std::vector<std::string> names;
  for (const auto& [name, where] : unread) {
    if (names.size() == kMost) break;
    std::string near = nearest(name, members_read());
    if (3 * edit_distance(name, near) > near.size()) near.clear();  // "doi" is near to any short name
    names.push_back(printable(name, 60) + " (line " + std::to_string(where.first) +
                    (where.second > 1 ? " and " + std::to_string(where.second - 1) + " more" : "") +
                    (near.empty() ? "" : "; did you mean " + near + "?") + ")");
  }
  if (unread.size() > kMost) names.push_back(std::to_string(unread.size() - kMost) + " others");
  return join(names, ", ");
}

Status read_one(const fs::path& path, Reading& reading) {
  AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  if (text.find('\0') != std::string::npos) {
    reading.problems.push_back(path.string() +
                               ": it holds bytes that no text in UTF-8 has; save it as UTF-8, or export "
                               "the references again, and add it then");
    return {};
  }
  Reading one = path.extension() == ".bib" ? read_bibtex(text, path.string()) : read_json_lines(text, path.string());
  std::move(one.records.begin(), one.records.end(), std::back_inserter(reading.records));
  std::move(one.problems.begin(), one.problems.end(), std::back_inserter(reading.problems));
  std::move(one.notes.begin(), one.notes.end(), std::back_inserter(reading.notes));
  return {};
}

}  // namespace

Reading read_json_lines(std::string_view text, const std::string& name) {
  Reading reading;
  std::map<std::string, std::size_t> seen;
  Unread unread;
  std::size_t number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    const std::string place = name + ", line " + std::to_string(number) + ": ";
    if (!is_utf8(line)) {
      reading.problems.push_back(place + "not UTF-8; save the file as UTF-8 and add it again");
      continue;
    }
    auto parsed = parse_json_object(line, "the line");
    if (!parsed.ok()) {
      reading.problems.push_back(place + "not a JSON object; each line holds one record");
      continue;
    }
    if (const std::string problem = problem_with(*parsed); !problem.empty()) {
      reading.problems.push_back(place + problem);
      continue;
    }
    if (member(*parsed, "statements").is_null()) {  // exports of other programs carry abstracts
      json::array statements;
      for (const auto& sentence : sentences_of(text_of(*parsed, "abstract"))) statements.emplace_back(sentence);
      (*parsed)["statements"] = std::move(statements);
    }
    parsed->erase("abstract");
    json::object record = complete(std::move(*parsed));
    const auto [before, fresh] = seen.emplace(text_of(record, "key"), number);
    if (!fresh) {
      reading.problems.push_back(place + "the key " + before->first + " is that of line " +
                                 std::to_string(before->second) + " already; give this record another one");
      continue;
    }
    add_unread(record, number, unread);
    reading.records.push_back(std::move(record));
  }
  if (!unread.empty())
    reading.notes.push_back(name + ": members that are not read, as records have no such ones: " + told(unread));
  return reading;
}

Result<Reading> read_literature(const fs::path& path) {
  std::error_code error;
  Reading reading;
  if (fs::is_directory(path, error)) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator{path, error})
      if (entry.is_regular_file(error) && is_kind(entry.path())) files.push_back(entry.path());
    if (files.empty()) return not_found(path.string() + " holds no .bib, .jsonl or .ndjson file");
    std::sort(files.begin(), files.end());
    for (const auto& file : files) AISCI_RETURN_IF_ERROR(read_one(file, reading));
    return reading;
  }
  if (!fs::exists(path, error)) return not_found("there is no file or folder " + path.string());
  if (!is_kind(path))
    return invalid_argument(path.string() +
                            ": references are read from BibTeX (.bib) and JSON Lines (.jsonl, .ndjson)");
  AISCI_RETURN_IF_ERROR(read_one(path, reading));
  return reading;
}

}  // namespace aisci
