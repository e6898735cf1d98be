$drives = @(Get-CimInstance Win32_LogicalDisk -Filter 'DriveType=3' |
    Select-Object DeviceID, Size, FreeSpace)
$carried = @()
try { $carried = @(Get-Disk | Where-Object { @('USB', 'SD', 'MMC') -contains "$($_.BusType)" } |
    Get-Partition | Where-Object { $_.DriveLetter } | ForEach-Object { "$($_.DriveLetter):" }) } catch { }
$volumes = $null
try { $volumes = @(Get-CimInstance -Namespace root/CIMV2/Security/MicrosoftVolumeEncryption `
    -ClassName Win32_EncryptableVolume | Select-Object DriveLetter, ProtectionStatus) } catch { }
[pscustomobject]@{ drives = $drives; carried = $carried; volumes = $volumes;
    system = $env:SystemDrive } | ConvertTo-Json -Compress -Depth 4
