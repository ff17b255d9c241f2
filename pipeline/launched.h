// Whether this process is one of several that mpirun or srun started together.
#pragma once

namespace unet {

/// One of several processes of the same command line.
struct Launch {
    int rank = 0, ranks = 1;
    int strangers = 0;  ///< further tasks of srun that know nothing of this one; told to the first of them only
};

/// By the environment that mpirun (Open MPI, MPICH) and srun with PMIx or PMI-2 set: no MPI is needed to know. One rank
/// for a process by itself, and for each task of srun without MPI.
Launch launched();

}  // namespace unet
