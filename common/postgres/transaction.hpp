#pragma once
#include <pqxx/pqxx>

namespace sluice::postgres {

/// Included by source files of this room only.
struct Transaction {
    pqxx::work& work;
};

}  // namespace sluice::postgres
