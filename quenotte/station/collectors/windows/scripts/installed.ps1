# Definitions of Defender (KB2267602), its platform (KB4052623) and the tool against malware
# (KB890830) come by themselves where nothing else does: they prove no updates.
$searcher = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()
$total = $searcher.GetTotalHistoryCount()
$last = $null
if ($total -gt 0) {
    $last = $searcher.QueryHistory(0, [Math]::Min($total, 300)) |
        Where-Object { $_.Operation -eq 1 -and $_.ResultCode -eq 2 -and
            $_.Title -notmatch 'KB2267602|KB4052623|KB890830' } |
        Sort-Object Date -Descending | Select-Object -First 1
}
$at = $null
if ($last) { $at = [DateTime]::SpecifyKind($last.Date, 'Utc').ToString('yyyy-MM-ddTHH:mm:ssZ') }
$servicing = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending'
$reboot = (New-Object -ComObject Microsoft.Update.SystemInfo).RebootRequired -or
    (Test-Path $servicing)
$policy = Get-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' `
    -ErrorAction SilentlyContinue
$automatic = New-Object -ComObject Microsoft.Update.AutoUpdate
[pscustomobject]@{ at = $at; reboot = [bool]$reboot; enabled = [bool]$automatic.ServiceEnabled;
    forbidden = $policy.NoAutoUpdate } | ConvertTo-Json -Compress
