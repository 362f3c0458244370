// Answers model tasks by the rules of offline, for a scripted model server: one request {"task", "input"} a line on
// standard input, one answer a line on standard output.
#include <iostream>
#include <string>

#include "provider.hpp"

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    try {
      std::cout << json::serialize(aisci::offline::respond(line).at("output")) << std::endl;
    } catch (const std::exception& error) {
      std::cout << json::serialize(json::object{{"error", error.what()}}) << std::endl;
    }
  }
}
