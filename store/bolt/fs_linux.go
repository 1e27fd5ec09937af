package bolt

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// networkFS names the file system of a folder if its locks and mappings are
// not to be trusted; empty if they are. The numbers are those of statfs(2).
func networkFS(dir string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return "", fmt.Errorf("look at the file system: %w", err)
	}
	switch uint32(st.Type) {
	case unix.NFS_SUPER_MAGIC:
		return "nfs", nil
	case 0xff534d42, unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC:
		return "cifs", nil
	case unix.V9FS_MAGIC:
		return "9p", nil
	case unix.FUSE_SUPER_MAGIC:
		return "fuse", nil
	case unix.AFS_SUPER_MAGIC, unix.AFS_FS_MAGIC:
		return "afs", nil
	case unix.CEPH_SUPER_MAGIC:
		return "ceph", nil
	}
	return "", nil
}

// diskRoom returns the free and total bytes of a folder's file system.
func diskRoom(dir string) (free, total int64, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, 0, fmt.Errorf("look at the free space: %w", err)
	}
	return int64(st.Bavail) * int64(st.Bsize), int64(st.Blocks) * int64(st.Bsize), nil //nolint:unconvert // Bsize is an int32 on some architectures
}
