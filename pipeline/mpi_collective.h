// MPI: the only place that knows it.
#pragma once
#include "pipeline/collective.h"
#include <string>

namespace unet {

/// "Open MPI v4.1.4", say, or "none". Starts nothing.
std::string mpi_name();

/// Joins the processes that mpirun or srun started with this one; leaves them when it is destroyed. To be made once.
/// A rank that dies ends them all. Throws Error(usage) where the build has no MPI, or its MPI no thread besides the
/// main one.
std::unique_ptr<Collective> mpi_ranks();

}  // namespace unet
