#include "writing.hpp"

#include "document.hpp"
#include "writing_author.hpp"

namespace aisci::offline {

json::object writing_paper(const json::object& input) {
  Author author{input};
  json::array sections;
  for (const auto write : {introduction, related_work, method, protocol, results, discussion, limitations, conclusion})
    if (json::object written = write(author); !array_of(written, "blocks").empty())
      sections.push_back(std::move(written));
  json::array end = appendix(author);
  std::string abstract = abstract_of(author);
  return {{"$schema", "aisci/paper/1"},      {"title", title_of(author)},  {"abstract", std::move(abstract)},
          {"sections", std::move(sections)}, {"appendix", std::move(end)}, {"citations", author.citations()}};
}

}  // namespace aisci::offline
