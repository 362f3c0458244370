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

Status read_one(const fs::path& path, Reading& reading) {
  AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  Reading one = path.extension() == ".bib" ? read_bibtex(text, path.string()) : read_json_lines(text, path.string());
  std::move(one.records.begin(), one.records.end(), std::back_inserter(reading.records));
  std::move(one.problems.begin(), one.problems.end(), std::back_inserter(reading.problems));
  return {};
}

}  // namespace

Reading read_json_lines(std::string_view text, const std::string& name) {
  Reading reading;
  std::map<std::string, std::size_t> seen;
  std::size_t number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    const std::string place = name + ", line " + std::to_string(number) + ": ";
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
    reading.records.push_back(std::move(record));
  }
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
