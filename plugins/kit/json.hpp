// JSON for the shipped plugins: Boost.JSON, compiled once into the kit.
#pragma once

#include <boost/json.hpp>

namespace json = boost::json;
