// The retriever `local`: records that ship with aisci. The user's own are the host's (lib/literature).
//
// Ranking is BM25 (Robertson and Zaragoza, Foundations and Trends in IR 3(4), 2009) over title, themes and statements,
// the title and themes counting three times.
#include <aisci/plugin/retriever.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "kit/json.hpp"

namespace {

using namespace aisci::plugin;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!word.empty())
      words.push_back(std::exchange(word, {}));
  }
  if (!word.empty()) words.push_back(word);
  for (auto& one : words)  // plural and singular are one word here
    if (one.size() > 4 && one.back() == 's' && one[one.size() - 2] != 's') one.pop_back();
  return words;
}

std::string text_at(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string{value->get_string().c_str()} : std::string{};
}

std::string joined(const json::object& object, const char* name) {
  std::string out;
  if (const auto* value = object.if_contains(name); value && value->is_array())
    for (const auto& item : value->get_array())
      if (item.is_string()) out += std::string{item.get_string().c_str()} + " ";
  return out;
}

struct Entry {
  json::object record;
  std::map<std::string, double> counts;
  double length = 0;
};

class Local final : public Retriever {
 public:
  explicit Local(const Setup& setup) {
    std::vector<std::filesystem::path> bundled;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{setup.data_folder, error})
      if (entry.path().extension() == ".jsonl") bundled.push_back(entry.path());
    std::sort(bundled.begin(), bundled.end());
    for (const auto& file : bundled) load(file);
    for (const auto& entry : entries_) average_ += entry.length / static_cast<double>(entries_.size());
  }

  void search(std::string_view query, std::uint32_t k, Sink& records, Call&) override {
    std::vector<std::pair<double, std::size_t>> ranked;
    const auto words = words_of(query);
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (const double score = bm25(entries_[i], words); score > 0) ranked.emplace_back(-score, i);
    std::sort(ranked.begin(), ranked.end());
    for (std::size_t i = 0; i < ranked.size() && i < k; ++i)
      records.write(json::serialize(entries_[ranked[i].second].record));
  }

  void fetch(std::string_view id, Sink& record, Call&) override {
    for (const auto& entry : entries_)
      for (const char* name : {"key", "doi", "arxiv"})
        if (text_at(entry.record, name) == id && !id.empty()) return record.write(json::serialize(entry.record));
    throw Error{Code::kNotFound, "no record " + std::string{id}};
  }

 private:
  double bm25(const Entry& entry, const std::vector<std::string>& words) const {
    constexpr double kSaturation = 1.2, kLength = 0.75;
    double score = 0;
    for (const auto& word : words) {
      const auto found = entry.counts.find(word);
      if (found == entry.counts.end()) continue;
      const double n = static_cast<double>(entries_.size()), df = documents_.at(word);
      const double idf = std::log(1.0 + (n - df + 0.5) / (df + 0.5));
      score += idf * found->second * (kSaturation + 1) /
               (found->second + kSaturation * (1 - kLength + kLength * entry.length / average_));
    }
    return score;
  }

  void load(const std::filesystem::path& path) {
    std::ifstream file{path};
    if (!file) throw Error{Code::kNotFound, "cannot read the literature file " + path.string()};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    std::size_t line = 0, begin = 0;
    while (begin < text.size()) {
      const auto end = std::min(text.find('\n', begin), text.size());
      const std::string one = text.substr(begin, end - begin);
      begin = end + 1;
      ++line;
      if (one.find_first_not_of(" \t\r") == std::string::npos) continue;
      boost::system::error_code error;
      json::value value = json::parse(one, error);
      const std::string place = path.string() + ", line " + std::to_string(line);
      if (error || !value.is_object()) throw Error{Code::kInvalidArgument, place + ": not a JSON object"};
      add(std::move(value.as_object()), place);
    }
  }

  void add(json::object record, const std::string& place) {
    const std::string key = text_at(record, "key");
    if (key.empty() || text_at(record, "title").empty())
      throw Error{Code::kInvalidArgument, place + ": a record needs a key and a title"};
    if (!keys_.insert(key).second) throw Error{Code::kInvalidArgument, place + ": the key " + key + " is there twice"};
    Entry entry;
    const auto count = [&](const std::string& text, double weight) {
      for (const auto& word : words_of(text)) {
        entry.counts[word] += weight;
        entry.length += 1;
      }
    };
    count(text_at(record, "title"), 3);
    count(joined(record, "themes"), 3);
    count(joined(record, "statements"), 1);
    for (const auto& [word, weight] : entry.counts) documents_[word] += 1;
    entry.record = std::move(record);
    entries_.push_back(std::move(entry));
  }

  std::vector<Entry> entries_;
  std::set<std::string> keys_;
  std::map<std::string, double> documents_;  // how many records have the word
  double average_ = 0;
};

}  // namespace

AISCI_PLUGIN("org.aisci.retriever-local", "0.1.0", AISCI_RETRIEVER("local", Local))
